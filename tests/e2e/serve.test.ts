import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../../src/client/index.ts';
import { openStore } from '../../src/store/open-store.ts';
import { drawnPhotos } from '../support/drawn-photos.ts';
import { registerModel } from '../support/register-model.ts';
import { trainedModels } from '../support/trained-models.ts';
import { type RunningCommand, Sandbox } from './cli.ts';

const sandbox = new Sandbox();
const workspace = sandbox.at('.mitate');
let photo: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  const [[uri], [drawn]] = await Promise.all([trainedModels(sandbox.at('models'), 1), drawnPhotos(1, { seed: 3 })]);
  photo = new Uint8Array(drawn!.bytes);
  await using store = await openStore({ workspace });
  await registerModel(store, { name: 'leaf', uri: uri!, endpoint: 'leaf' });
}, 180_000);
afterAll(() => sandbox[Symbol.dispose]());

interface Started {
  running: RunningCommand;
  url: string;
  firstKey: string | null;
}

async function start(...flags: string[]): Promise<Started> {
  const running = sandbox.start(['serve', '--port', '0', '--json', ...flags]);
  const [line] = (await Promise.race([once(running.process.stdout!, 'data'), running.ended])) as [Buffer | string];
  return { running, ...(JSON.parse(String(line)) as Omit<Started, 'running'>) };
}

async function stop({ running }: Started): Promise<number | null> {
  running.process.kill('SIGTERM');
  return (await running.ended).code;
}

describe('mitate serve', () => {
  it('tells the first admin key once, and answers with it after a restart too', async () => {
    const first = await start();
    expect(first.firstKey).toMatch(/^mk_/);
    const key = first.firstKey!;
    const answer = await createClient({ url: first.url, key }).predict('leaf', photo);
    expect(answer.predictions[0]).toMatchObject({ model: { name: 'leaf', version: 1 } });
    expect(await stop(first)).toBe(0);
    const second = await start();
    expect(second.firstKey).toBeNull();
    expect(await createClient({ url: second.url, key }).me()).toMatchObject({
      permissions: expect.arrayContaining(['admin']),
    });
    expect(await stop(second)).toBe(0);
  }, 60_000);

  it('answers and logs what came in before SIGTERM, and ends', async () => {
    const server = await start('--no-auth');
    const { predict } = createClient({ url: server.url });
    const idle = await fetch(`${server.url}/livez`);
    expect(idle.status).toBe(200);
    const asked = Array.from({ length: 30 }, () => predict('leaf', photo));
    await Promise.race(asked);
    expect(await stop(server)).toBe(0);
    const ids = (await Promise.all(asked)).map(({ predictions }) => predictions[0]!.id);
    await using store = await openStore({ workspace });
    for (const id of ids) expect(await store.requests.getRequest(id)).toMatchObject({ status: 200, endpoint: 'leaf' });
    expect(existsSync(join(workspace, 'server.json'))).toBe(false);
  }, 60_000);

  it('is asked from the command line', async () => {
    const server = await start();
    sandbox.write('photo.jpg', photo);
    const here = await sandbox.mitate('predict', 'photo.jpg', '--endpoint', 'leaf', '--json');
    expect(JSON.parse(here.stdout)).toMatchObject({ file: 'photo.jpg', model: { version: 1 } });
    const stranger = await sandbox.mitate('predict', 'photo.jpg', '--endpoint', `${server.url}/leaf`, '--json');
    expect(stranger.code).toBe(1);
    expect(JSON.parse(stranger.stdout).error.code).toBe('ACCESS_KEY_MISSING');
    expect(await stop(server)).toBe(0);
  }, 60_000);

  it('says why it cannot start', async () => {
    const open = await sandbox.mitate('serve', '--no-auth', '--host', '0.0.0.0', '--json');
    expect([open.code, open.stderr]).toEqual([1, expect.stringContaining('SERVER_OPEN_TO_ALL')]);
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const taken = await sandbox.mitate('serve', '--port', String(port), '--json');
    other.close();
    expect([taken.code, taken.stderr]).toEqual([1, expect.stringContaining('SERVER_ADDRESS_TAKEN')]);
  }, 60_000);
});
