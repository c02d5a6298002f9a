import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Client, createClient } from '../../src/client/index.ts';
import { localImages } from '../../src/store/images/image-store.ts';
import { openStore } from '../../src/store/open-store.ts';
import { Sandbox } from '../e2e/cli.ts';
import { drawnPhotos } from '../support/drawn-photos.ts';
import { registerModel } from '../support/register-model.ts';
import { trainedModels } from '../support/trained-models.ts';
import type { Fault } from './failing-disk.ts';

const sandbox = new Sandbox();
const workspace = sandbox.at('.mitate');
const control = sandbox.at('the-disk-fails');
const disk = fileURLToPath(new URL('./failing-disk.ts', import.meta.url));
let photos: Uint8Array<ArrayBuffer>[];

beforeAll(async () => {
  const [[uri], drawn] = await Promise.all([trainedModels(sandbox.at('models'), 1), drawnPhotos(6, { seed: 3 })]);
  photos = drawn.map(({ bytes }) => new Uint8Array(bytes));
  await using store = await openStore({ workspace });
  await registerModel(store, { name: 'leaf', uri: uri!, endpoint: 'leaf' });
}, 180_000);
afterAll(() => sandbox[Symbol.dispose]());

/** The codes of those that are refused; null = done. */
const codeOf = async (work: Promise<unknown>) =>
  await work.then(
    () => null,
    (error) => (error as { code?: string }).code ?? String(error),
  );

it.each([
  ['ENOSPC', 1, 'DISK_FULL'],
  ['EROFS', 2, 'WORKSPACE_READ_ONLY'],
  ['EIO', 3, 'DISK_FAILED'],
] as const)(
  'a server whose disk answers %s from write %i on refuses, keeps what it answered, and goes on by itself',
  async (code, from, refusal) => {
    const fault: Fault = { folder: workspace, except: `${workspace}/db`, from, code, control };
    const env = { NODE_OPTIONS: `--import=${disk}`, MITATE_FAILING_DISK: JSON.stringify(fault) };
    const running = sandbox.start(['serve', '--port', '0', '--json', '--no-auth'], { env });
    const [line] = (await Promise.race([once(running.process.stdout!, 'data'), running.ended])) as [Buffer | string];
    const client: Client = createClient({ url: (JSON.parse(String(line)) as { url: string }).url });
    const answered: string[] = [];
    const predict = async () => {
      for (const photo of photos) answered.push((await client.predict('leaf', photo)).predictions[0]!.id);
    };
    await client.endpoints.set('leaf', { settings: { images: { policy: 'all', share: 1 } } });
    await predict();
    sandbox.write('the-disk-fails', '');
    const refused = new Set<string | null>();
    for (let i = 0; i < 4; i++) refused.add(await codeOf(predict()));
    expect([...refused].filter((each) => each !== null)).toEqual(['JOURNAL_FAILED']);
    const csv = new Blob([`request_id,label\n${answered[0]},healthy\n`]);
    expect(await codeOf(client.feedback.import(csv))).toBe(refusal);
    rmSync(control);
    for (let tries = 0; (await codeOf(predict())) !== null; tries++) {
      expect(tries).toBeLessThan(20);
      await sleep(100);
    }
    expect(await client.feedback.import(csv)).toMatchObject({ rows: 1 });
    running.process.kill('SIGTERM');
    expect((await running.ended).code).toBe(0);

    await using store = await openStore({ workspace });
    const images = localImages(store.workspace.images);
    for (const id of answered) {
      const logged = await store.requests.getRequest(id);
      expect(logged).toMatchObject({ status: 200 });
      expect(await images.get('default', logged!.imageSha256!)).not.toBeNull();
    }
  },
  60_000,
);
