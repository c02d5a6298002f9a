import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTrigger } from '../../src/actions/triggers/trigger.ts';
import { readWatchedFolder } from '../../src/actions/triggers/watched-folder.ts';
import { operations } from '../../src/actions/workspace/operations.ts';
import { resolveConfig } from '../../src/config/index.ts';
import { silentLogger } from '../../src/contracts/logger.ts';
import { openRunQueue, type RunQueue } from '../../src/orchestrator/queue/run-queue.ts';
import { type OpenStore, openStore } from '../../src/store/open-store.ts';
import { tick } from '../../src/worker/tick.ts';
import { ScratchFolder } from '../support/scratch-folder.ts';
import { tester } from '../support/tester.ts';

const folder = new ScratchFolder();
const watched = folder.at('hung-folder');
const config = resolveConfig({
  flags: { workspace: folder.at('workspace'), processes: '1' },
  env: { MITATE_PIPELINES: folder.at('pipelines') },
  cwd: folder.path,
  isTty: false,
});
const options = process.env.NODE_OPTIONS ?? '';
const hang = () => {
  process.env.NODE_OPTIONS = `${options} --import ${fileURLToPath(new URL('./hung-folder.mjs', import.meta.url))}`;
};
let store: OpenStore;
let queue: RunQueue;

beforeAll(async () => {
  mkdirSync(watched);
  mkdirSync(folder.at('pipelines'));
  writeFileSync(join(folder.at('pipelines'), 'leaf.ts'), '');
  store = await openStore({ workspace: config.workspace, serves: true });
  queue = await openRunQueue(store, { works: true, logger: silentLogger });
  const when = { kind: 'new-data', folder: watched, minPhotos: 1 } as const;
  const by = { actor: tester, now: new Date(), config, cwd: config.pipelines };
  await createTrigger(store, { name: 'photos', pipeline: 'leaf.ts', when }, by);
});
afterAll(async () => {
  process.env.NODE_OPTIONS = options;
  await queue[Symbol.asyncDispose]();
  await store[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

it('a folder that hangs is given up in time, and its process with it', async () => {
  hang();
  const error = { code: 'TRIGGER_FOLDER_UNREADABLE', details: { reason: 'no answer within 3000 ms' } };
  await expect(readWatchedFolder('photos', watched, { timeoutMs: 3_000 })).rejects.toMatchObject(error);
});

it('a folder that is a FIFO is said to be none', async () => {
  const fifo = folder.at('fifo');
  execFileSync('mkfifo', [fifo]);
  await expect(readWatchedFolder('photos', fifo)).rejects.toMatchObject({ code: 'TRIGGER_FOLDER_UNREADABLE' });
});

it('a part of the tick that hangs is told in log and gauges, and the others and the next ticks go on (none came any more)', async () => {
  hang();
  const logged: unknown[] = [];
  const logger = { ...silentLogger, error: (message: string, fields?: object) => void logged.push([message, fields]) };
  const late = new Map<string, number>();
  const once = async () => {
    const parts = await tick(config, store, {
      now: new Date(),
      logger,
      late,
      partMs: 1_000,
      enqueue: (order) => queue.add(order),
    });
    return parts.flatMap(({ project, part, error }) => (error ? [{ project, part, code: error.code }] : []));
  };
  const failed = [{ project: 'default', part: 'triggers', code: 'TICK_PART_LATE' }];
  expect(await once()).toEqual(failed);
  const began = performance.now();
  expect(await once()).toEqual(failed);
  expect(performance.now() - began).toBeLessThan(1_000);
  expect(logged).toContainEqual([
    'tick part failed',
    expect.objectContaining({ part: 'triggers', code: 'TICK_PART_LATE' }),
  ]);
  const ticked = Promise.withResolvers<void>();
  await queue.work({
    run: async ({ id }) => id,
    upkeep: async () => {},
    tick: async () => {
      ticked.resolve();
      return await once();
    },
  });
  await ticked.promise;
  await expect.poll(async () => (await operations(store)).failedParts, { timeout: 10_000 }).toEqual(failed);
  // it says so every 10 s
  await expect.poll(async () => (await operations(store)).workers, { timeout: 20_000 }).toBe(1);
  // the folder answers again, and what waited for it is over
  process.env.NODE_OPTIONS = options;
  late.clear();
  expect(await once()).toEqual([]);
});
