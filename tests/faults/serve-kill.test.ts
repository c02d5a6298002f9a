import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, createClient } from '../../src/client/index.ts';
import { openStore } from '../../src/store/open-store.ts';
import { type RunningCommand, Sandbox } from '../e2e/cli.ts';
import { drawnPhotos } from '../support/drawn-photos.ts';
import { registerModel } from '../support/register-model.ts';
import { trainedModels } from '../support/trained-models.ts';

const kills = 4;
const clients = 8;
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

async function start(command: string): Promise<{ running: RunningCommand; client: Client }> {
  const running = sandbox.start([command, '--port', '0', '--json', '--no-auth']);
  const [line] = (await Promise.race([once(running.process.stdout!, 'data'), running.ended])) as [Buffer | string];
  const { url } = JSON.parse(String(line)) as { url: string };
  return { running, client: createClient({ url }) };
}

describe('a server that is killed', () => {
  it(`has every answer that it gave in its log, once, after ${kills} kills under load`, async () => {
    const answered: string[] = [];
    for (let round = 0; round < kills; round++) {
      const { running, client } = await start('serve');
      const before = answered.length;
      const ask = async () => {
        for (;;) answered.push(...(await client.predict('leaf', photo)).predictions.map(({ id }) => id));
      };
      const asking = Promise.allSettled(Array.from({ length: clients }, ask));
      while (answered.length < before + 10) await sleep(5);
      await sleep(40 * round);
      running.process.kill('SIGKILL');
      await asking;
      await running.ended;
    }
    // a last start replays what the last one left
    const { running } = await start('serve');
    running.process.kill('SIGTERM');
    expect((await running.ended).code).toBe(0);
    await using store = await openStore({ workspace });
    const { rows } = await store.connection.pool.query<{ id: string; count: number }>(
      'select public_id as id, count(*)::int as count from fact_requests group by public_id',
    );
    const logged = new Map(rows.map(({ id, count }) => [id, count]));
    expect(answered.length).toBeGreaterThanOrEqual(10 * kills);
    expect(answered.filter((id) => logged.get(id) !== 1)).toEqual([]);
    expect(rows.filter(({ count }) => count !== 1)).toEqual([]);
  }, 120_000);

  it('takes its worker with it, and a new one works off what was queued', async () => {
    sandbox.write(
      'nothing.ts',
      `import { definePipeline, exampleGen, param } from 'mitate';
       export default definePipeline('nothing', { images: param.uri() }, ({ images }) => { exampleGen({ source: images }); });`,
    );
    const first = await start('up');
    const { id } = await first.client.runs.start({ pipeline: 'nothing.ts', parameters: { images: 'no-such-folder' } });
    first.running.process.kill('SIGKILL');
    await first.running.ended;
    const second = await start('up');
    let order = await second.client.runs.queue.get(id);
    for (; order.state !== 'completed'; order = await second.client.runs.queue.get(id)) await sleep(200);
    expect((await second.client.runs.get(order.runId!)).run).toMatchObject({ pipeline: 'nothing', state: 'failed' });
    const askedAt = performance.now();
    second.running.process.kill('SIGTERM');
    expect((await second.running.ended).code).toBe(0);
    // a worker that does not end by itself is killed after 35 s
    expect(performance.now() - askedAt).toBeLessThan(30_000);
  }, 240_000);
});
