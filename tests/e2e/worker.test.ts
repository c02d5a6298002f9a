import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shareWorker } from '../../src/actions/access/project.ts';
import { cancelQueuedRun, enqueueRun, type RunOrders } from '../../src/actions/runs/queued-runs.ts';
import { resolveConfig } from '../../src/config/index.ts';
import { silentLogger } from '../../src/contracts/logger.ts';
import type { QueuedRun } from '../../src/contracts/run-order.ts';
import { openRunQueue, type RunQueue } from '../../src/orchestrator/queue/run-queue.ts';
import { type OpenStore, openStore } from '../../src/store/open-store.ts';
import { sourceFlags } from '../support/source-flags.ts';
import { someone, tester } from '../support/tester.ts';
import { unaudited } from '../support/unaudited.ts';

const pipeline = `
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineComponent, definePipeline, param } from 'mitate';
import { z } from 'zod';
const note = defineComponent({
  spec: { name: 'Note', version: '1', inputs: {}, outputs: { examples: { type: 'Examples' } }, parameters: z.object({ text: z.string() }) },
  run: async ({ outputs, parameters }) => { await writeFile(join(outputs.examples, 'text'), parameters.text); return {}; },
});
export default definePipeline('notes', { text: param.string() }, ({ text }) => { note({ text }); });
`;
const reads = pipeline.replace("'notes', { text: param.string() }", "'reads', { text: param.uri() }");

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

describe('mitate worker', () => {
  const root = mkdtempSync(join(tmpdir(), 'mitate-worker-'));
  const pipelines = join(root, 'pipelines');
  const config = resolveConfig({
    flags: { workspace: join(root, 'workspace'), processes: '1' },
    env: { MITATE_PIPELINES: pipelines },
    cwd: root,
    isTty: false,
  });
  let store: OpenStore;
  let queue: RunQueue;
  let orders: RunOrders;
  let worker: ChildProcess | undefined;

  beforeAll(async () => {
    mkdirSync(pipelines);
    symlinkSync(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(root, 'node_modules'));
    writeFileSync(join(pipelines, 'notes.ts'), pipeline);
    writeFileSync(join(pipelines, 'reads.ts'), reads);
    writeFileSync(join(pipelines, 'broken.ts'), 'export default 1;');
    writeFileSync(join(root, 'outside.ts'), pipeline);
    symlinkSync(join(root, 'outside.ts'), join(pipelines, 'link.ts'));
    mkdirSync(join(pipelines, 'node_modules', 'tool'), { recursive: true });
    writeFileSync(join(pipelines, 'node_modules', 'tool', 'index.js'), pipeline);
    // as a server has it: a worker works through no other
    store = await openStore({ workspace: config.workspace, serves: true });
    queue = await openRunQueue(store, { logger: silentLogger });
    orders = { store, queue, pipelines };
  });
  afterAll(async () => {
    worker?.kill('SIGTERM');
    if (worker?.exitCode === null) expect(await once(worker, 'exit')).toEqual([0, null]);
    await queue[Symbol.asyncDispose]();
    await store[Symbol.asyncDispose]();
    rmSync(root, { recursive: true, force: true });
  });

  const startWorker = () =>
    spawn(process.execPath, [...sourceFlags, main, 'worker', '--workspace', config.workspace], {
      env: { ...process.env, MITATE_PROCESSES: '1', MITATE_PIPELINES: pipelines },
      stdio: 'ignore',
    });
  const wish = (name: string) => ({ pipeline: name, parameters: { text: 'hello' }, actor: someone('key:ci') });
  const settled = async ({ id }: QueuedRun, project = 'default'): Promise<QueuedRun> => {
    for (;;) {
      const order = await queue.find(project, id);
      if (order?.state === 'completed' || order?.state === 'failed') return order;
      await sleep(50);
    }
  };

  it('is waited for, by the order of asking, and not by who was cancelled', async () => {
    const kept = await enqueueRun(orders, wish('notes.ts'));
    const dropped = await enqueueRun(orders, wish('notes.ts'));
    expect((await queue.waiting('default')).map(({ id }) => id)).toEqual([kept.id, dropped.id]);
    await cancelQueuedRun(orders, dropped.id, tester);
    expect((await queue.waiting('default')).map(({ id }) => id)).toEqual([kept.id]);
    await expect(cancelQueuedRun(orders, dropped.id, tester)).rejects.toMatchObject({ code: 'RUN_ORDER_NOT_WAITING' });
    worker = startWorker();
    expect(await settled(kept)).toMatchObject({ state: 'completed', runId: kept.id, error: null });
    expect(await store.getRun(dropped.id)).toBeNull();
  });

  it('runs it under the id that was promised, in the project that asked', async () => {
    await unaudited(store).access.createProject({ name: 'team', description: '' });
    const team = { ...orders, store: store.forProject('team') };
    const described = { experiment: 'mixup', note: 'with less of it' };
    const order = await enqueueRun(team, { ...wish('notes.ts'), ...described });
    await settled(order, 'team');
    expect(await team.store.getRun(order.id)).toMatchObject({
      state: 'succeeded',
      parameters: { text: 'hello' },
      ...described,
    });
    expect(await store.getRun(order.id)).toBeNull();
    expect(await queue.find('default', order.id)).toBeNull();
  });

  it('says at once why a pipeline cannot be run, without trying again', async () => {
    const order = await settled(await enqueueRun(orders, wish('broken.ts')));
    expect(order).toMatchObject({ state: 'failed', error: { code: 'PIPELINE_FILE_INVALID' } });
  });

  it('takes a pipeline that ran here by its name', async () => {
    const order = await enqueueRun(orders, wish('notes'));
    expect(order.source).toBe(join(pipelines, 'notes.ts'));
    await settled(order);
    await expect(enqueueRun(orders, wish('never-ran'))).rejects.toMatchObject({ code: 'RUN_PIPELINE_UNKNOWN' });
  });

  it('leaves the runs of a project with its own worker to that one, until none waits for it and it is shared', async () => {
    await unaudited(store).access.createProject({ name: 'apart', description: '' });
    const apart = { ...orders, store: store.forProject('apart') };
    await queue.claim('apart');
    const waiting = await enqueueRun(apart, wish('notes.ts'));
    // queued later, and done
    await settled(await enqueueRun(orders, wish('notes.ts')));
    expect(await queue.find('apart', waiting.id)).toMatchObject({ state: 'queued' });
    expect((await queue.waiting('apart')).map(({ id }) => id)).toEqual([waiting.id]);
    await expect(shareWorker(store, queue, 'apart', tester)).rejects.toMatchObject({ code: 'PROJECT_RUNS_WAITING' });
    await cancelQueuedRun(apart, waiting.id, tester);
    await shareWorker(store, queue, 'apart', tester);
    expect(await settled(await enqueueRun(apart, wish('notes.ts')), 'apart')).toMatchObject({ state: 'completed' });
  });

  it('gives a run that was asked for over HTTP only places inside the data roots of its project', async () => {
    const from = (door: 'http' | 'cli', text: string) =>
      enqueueRun(orders, { pipeline: 'reads.ts', parameters: { text }, actor: { ...someone('key:ci'), door } });
    for (const text of [
      '/etc',
      '/etc/nothing-there',
      '../outside',
      'file:///etc',
      's3://bucket/all',
      '../workspace/images',
    ])
      expect(await settled(await from('http', text))).toMatchObject({
        state: 'failed',
        error: { code: 'PLACE_OUTSIDE', message: `Project default may not use "${text}" over HTTP.` },
      });
    const inside = await settled(await from('http', 'photos'));
    expect(inside).toMatchObject({ state: 'completed' });
    expect((await store.getRun(inside.id))!.parameters).toEqual({ text: join(pipelines, 'photos') });
    expect(await settled(await from('cli', '/etc'))).toMatchObject({ state: 'completed' });
  });

  it.each([
    '../outside.ts',
    'link.ts',
    '/etc/passwd.ts',
    'missing.ts',
    'node_modules/tool/index.js',
  ])('never runs %s', async (file) => {
    await expect(enqueueRun(orders, wish(file))).rejects.toMatchObject({ code: 'RUN_PIPELINE_OUTSIDE' });
  });
});
