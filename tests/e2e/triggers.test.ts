import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTrigger, showTrigger } from '../../src/actions/triggers/trigger.ts';
import { resolveConfig } from '../../src/config/index.ts';
import { silentLogger } from '../../src/contracts/logger.ts';
import { monitorSchema } from '../../src/contracts/loop/monitor.ts';
import type { Firing } from '../../src/contracts/loop/trigger.ts';
import { openRunQueue, type RunQueue } from '../../src/orchestrator/queue/run-queue.ts';
import { type OpenStore, openStore } from '../../src/store/open-store.ts';
import { tick } from '../../src/worker/tick.ts';
import { drawnPhotos } from '../support/drawn-photos.ts';
import { ScratchFolder } from '../support/scratch-folder.ts';
import { sourceFlags } from '../support/source-flags.ts';
import { tester } from '../support/tester.ts';
import { unaudited } from '../support/unaudited.ts';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

const leaf = `
import { definePipeline, exampleGen, exampleValidator, param, schemaGen, statisticsGen, transform } from 'mitate';
export default definePipeline('leaf', { images: param.uri(), schema: param.string() }, ({ images, schema: from }) => {
  const { examples } = exampleGen({ source: images });
  const { statistics } = statisticsGen({ examples });
  const { schema } = schemaGen({ statistics, from });
  const { anomalies } = exampleValidator({ statistics, schema });
  transform({ examples, schema, anomalies, backbone: 'mobilenet-v2', views: 'plain' });
});
`;

/** Says whose run it is, and goes on once it may. */
const slow = `
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { existsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { defineComponent, definePipeline, param } from 'mitate';
import { z } from 'zod';
const waiter = defineComponent({
  spec: { name: 'Waiter', version: '1', inputs: {}, outputs: { examples: { type: 'Examples' } }, parameters: z.object({ log: z.string(), go: z.string() }) },
  run: async ({ outputs, parameters: { log, go } }) => {
    await appendFile(log, process.ppid + ' began\\n');
    while (!existsSync(go)) await setTimeout(50);
    await writeFile(join(outputs.examples, 'done'), '');
    await appendFile(log, process.ppid + ' ended\\n');
    return {};
  },
});
export default definePipeline('slow', { log: param.string(), go: param.string() }, (given) => { waiter(given); });
`;

describe('triggers, with workers', () => {
  const folder = new ScratchFolder();
  const at = (name: string) => join(folder.path, name);
  const pipelines = at('pipelines');
  const config = resolveConfig({
    flags: { workspace: at('workspace'), processes: '1' },
    env: { MITATE_PIPELINES: pipelines },
    cwd: folder.path,
    isTty: false,
  });
  const workers: ChildProcess[] = [];
  let store: OpenStore;
  let queue: RunQueue;

  beforeAll(async () => {
    mkdirSync(pipelines);
    symlinkSync(fileURLToPath(new URL('../../node_modules', import.meta.url)), at('node_modules'));
    writeFileSync(join(pipelines, 'leaf.ts'), leaf);
    writeFileSync(join(pipelines, 'slow.ts'), slow);
    writeFileSync(join(pipelines, 'broken.ts'), 'export default 1;');
    store = await openStore({ workspace: config.workspace, serves: true });
    queue = await openRunQueue(store, { logger: silentLogger });
    await unaudited(store).endpoints.createEndpoint('leaf', { who: 'test', why: '' });
    const monitor = { name: 'image-properties', kind: 'image-properties', endpoint: 'leaf' };
    await unaudited(store).monitors.createMonitor(monitorSchema.parse(monitor), { who: 'test', at: new Date() });
  }, 60_000);
  afterAll(async () => {
    for (const worker of workers) if (worker.exitCode === null) worker.kill('SIGKILL');
    await queue?.[Symbol.asyncDispose]();
    await store?.[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  const startWorker = () => {
    const args = [...sourceFlags, main, 'worker', '--workspace', config.workspace];
    const worker = spawn(process.execPath, args, { env: { ...process.env, MITATE_PROCESSES: '1' }, stdio: 'ignore' });
    workers.push(worker);
    return worker;
  };
  const make = (name: string, pipeline: string, parameters: Record<string, string> = {}) =>
    createTrigger(
      store,
      { name, pipeline, parameters, when: { kind: 'drift', endpoint: 'leaf', monitors: [] }, coolDown: '1ms' },
      { actor: tester, now: new Date(), config, cwd: pipelines },
    );
  const newest = async (name: string): Promise<Firing> =>
    (await showTrigger(store, name, { now: new Date(), last: 1 })).firings[0]!;
  const settled = async (name: string): Promise<Firing> => {
    for (;;) {
      const firing = await newest(name);
      if (firing?.error || (firing?.run && firing.run.state !== 'running')) return firing;
      await sleep(100);
    }
  };
  /** The world moved; every trigger is asked as a worker asks it. */
  const drift = async () => {
    const now = new Date();
    const alert = await store.alerts.openAlert(
      {
        id: v7(),
        monitor: 'image-properties',
        kind: 'image-properties',
        endpoint: 'leaf',
        since: now,
        openedAt: now,
        lastSeenAt: now,
        resultSeq: 1,
        windowStart: now,
        windowEnd: now,
        finding: {
          state: 'breach',
          statistic: 1,
          p: 0,
          threshold: 0,
          interval: null,
          said: 'darker',
          movers: [],
          details: {},
        },
        remedy: '',
        timeline: [],
      },
      [],
    );
    const parts = await tick(config, store, { now, logger: silentLogger, enqueue: (order) => queue.add(order) });
    expect(parts.filter(({ error }) => error !== null)).toEqual([]);
    // resolved at once, so that the next one is another
    const { id } = alert!;
    await store.alerts.changeAlert((await store.alerts.getAlert(id))!, { state: 'resolved', resolvedAt: now }, [], now);
  };

  it('value skew retrains; schema skew stops, and the trigger tells why', async () => {
    const put = async (more: Parameters<typeof drawnPhotos>[1]) => {
      for (const { label, filename, bytes } of await drawnPhotos(60, { size: 64, ...more })) {
        const path = join(pipelines, 'photos', label, `${more?.seed}-${basename(filename)}`);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, bytes);
      }
    };
    await put({ seed: 1, labels: 2 });
    const domain = [...new Set((await drawnPhotos(2, { labels: 2 })).map(({ label }) => label))].sort();
    writeFileSync(join(pipelines, 'schema.json'), JSON.stringify(schemaOf(domain)));
    await make('retrain', 'leaf.ts', {
      images: join(pipelines, 'photos'),
      schema: join(pipelines, 'schema.json'),
    });
    startWorker();
    await drift();
    expect(await settled('retrain')).toMatchObject({ state: 'fired', run: { state: 'succeeded' } });

    // values: other photos of the labels that the schema knows
    await put({ seed: 2, labels: 2 });
    await drift();
    const values = await settled('retrain');
    expect(values).toMatchObject({ state: 'fired', run: { state: 'succeeded', error: null } });
    const steps = await store.listExecutions(values.run!.id);
    expect(steps.find(({ component }) => component === 'Transform')).toMatchObject({ state: 'succeeded' });

    // schema: a label that it does not know
    await put({ seed: 3, labels: 3 });
    await drift();
    const schema = await settled('retrain');
    expect(schema).toMatchObject({ state: 'fired', run: { state: 'failed', error: { code: 'DATA_ANOMALIES' } } });
    const stopped = await store.listExecutions(schema.run!.id);
    expect(stopped.find(({ component }) => component === 'Transform')).toMatchObject({ state: 'failed' });
    await unaudited(store).triggers.removeTrigger('retrain');
  }, 240_000);

  it('says why a run could not begin', async () => {
    await make('broken', 'broken.ts');
    await drift();
    expect(await settled('broken')).toMatchObject({ run: null, error: { code: 'PIPELINE_FILE_INVALID' } });
    await unaudited(store).triggers.removeTrigger('broken');
  }, 60_000);

  it('a run whose worker is killed is taken over by one other, and the trigger fires no second time', async () => {
    const [log, go] = [at('log'), at('go')];
    const lines = () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []);
    await make('slow', 'slow.ts', { log, go });
    if (workers.length === 0) startWorker();
    await drift();
    while (lines().length === 0) await sleep(50);
    const first = workers.at(-1)!;
    first.kill('SIGKILL');
    await once(first, 'exit');
    startWorker();
    startWorker();
    while (lines().length === 1) await sleep(100);
    // the other one has had time to take it too, if it could
    await sleep(1_500);
    writeFileSync(go, '');
    expect(await settled('slow')).toMatchObject({ state: 'fired', run: { state: 'succeeded' } });
    const [killed, began, ended] = lines();
    expect(killed).toBe(`${first.pid} began`);
    expect(began).not.toBe(killed);
    expect(ended).toBe(began!.replace('began', 'ended'));
    expect(lines()).toHaveLength(3);
    expect((await store.triggers.listFirings({ trigger: 'slow' })).map(({ state }) => state)).toEqual(['fired']);
  }, 240_000);
});

function schemaOf(domain: readonly string[]) {
  return {
    format: 'mitate-schema/1',
    labels: { domain, required: domain, maxImbalance: 20 },
    formats: ['jpeg'],
    image: { minWidth: 32, minHeight: 32 },
    splits: { required: ['train'] },
    properties: {},
    attributes: {},
    limits: { maxRejected: 0.1, maxConflicts: 0.1 },
    drift: { property: 0.2, labels: 0.15, splits: 0.5 },
  };
}
