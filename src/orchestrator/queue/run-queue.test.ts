import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ScratchFolder } from '../../../tests/support/scratch-folder.ts';
import { silentLogger } from '../../contracts/logger.ts';
import { type OpenStore, openStore } from '../../store/open-store.ts';
import { openBoss } from './open-boss.ts';
import { openRunQueue } from './run-queue.ts';

const folder = new ScratchFolder();
let store: OpenStore;

beforeAll(async () => {
  store = await openStore({ workspace: folder.at('workspace'), serves: true });
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

describe('the queue', () => {
  it('logs what went wrong (a killed and resumed run logged "[object Object]")', async () => {
    const logged: unknown[] = [];
    const logger = { ...silentLogger, warn: (_message: string, fields?: object) => void logged.push(fields) };
    const boss = await openBoss(store, { works: false, logger });
    // as its workers do
    boss.emit('error', { message: 'the job has no heartbeat', stack: '', queue: 'runs', worker: 'a' } as never);
    await boss.stop({ graceful: false });
    expect(logged).toEqual([{ error: 'the job has no heartbeat' }]);
  });

  it.each([
    'create_queue',
    'queue',
  ])('leaves no timers when the database ends while it opens, at %s (a tick by hand never ended)', async (statement) => {
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const { pool } = store.connection;
    const query = async (text: string, values?: unknown[]) => {
      if (text.includes(statement)) throw new Error('Connection terminated unexpectedly');
      return await pool.query(text, values);
    };
    const dying = { ...store, connection: { ...store.connection, pool: { query } } } as unknown as OpenStore;
    const before = timers();
    await openRunQueue(dying, { logger: silentLogger }).then(
      (queue) => queue[Symbol.asyncDispose](),
      () => {},
    );
    expect(timers()).toBe(before);
  });

  it('goes by no clock that is set: a run is started once, and one that waits is started at once', async () => {
    await using queue = await openRunQueue(store, { works: true, logger: silentLogger });
    const { pool } = store.connection;
    /** Of the database. */
    const setClock = (hours: number) =>
      pool.query(`create or replace function mitate_queue.job_now() returns timestamptz language sql stable
        as $$ select now() + interval '${hours} hours' $$`);
    const ran: string[] = [];
    const go = Promise.withResolvers<void>();
    const run = async ({ id }: { id: string }) => {
      ran.push(id);
      await go.promise;
      return id;
    };
    await queue.work({ run, upkeep: async () => {}, tick: async () => [] });
    const asked = { who: 'ann', trigger: 'demand', isConfined: false };
    const order = { project: 'default', source: 'leaf.ts', parameters: {}, seed: null, ...asked };
    const first = await queue.add(order);
    await expect.poll(() => ran, { timeout: 10_000 }).toEqual([first]);
    await setClock(2);
    const second = await queue.add(order);
    // dead workers are looked for every 5 s
    await new Promise((resolve) => setTimeout(resolve, 8_000));
    expect(await queue.find('default', first)).toMatchObject({ state: 'active' });
    await setClock(0);
    go.resolve();
    await expect.poll(() => ran, { timeout: 15_000 }).toEqual([first, second]);
  }, 60_000);

  it('lets a new worker tick as soon as the heartbeat of a dead one times out: it took another minute', async () => {
    await using queue = await openRunQueue(store, { works: true, logger: silentLogger });
    const boss = await openBoss(store, { works: false, logger: silentLogger });
    // fetched and never finished, as by a killed process
    await boss.send('tick', null, { heartbeatSeconds: 10 });
    expect(await boss.fetch('tick')).toHaveLength(1);
    await boss.stop({ graceful: false });
    const ticked = Promise.withResolvers<void>();
    const tick = async () => {
      ticked.resolve();
      return [];
    };
    await queue.work({ run: async ({ id }) => id, upkeep: async () => {}, tick });
    await ticked.promise;
  }, 40_000);
});
