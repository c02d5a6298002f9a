import { existsSync, realpathSync } from 'node:fs';
import { extname, resolve, sep } from 'node:path';
import type { Actor } from '../../contracts/actor.ts';
import type { QueuedRun, RunOrder } from '../../contracts/run-order.ts';
import { MitateError } from '../../errors/index.ts';
import { isInside } from '../../files/is-inside.ts';
import type { RunQueue } from '../../orchestrator/queue/run-queue.ts';
import type { OpenStore } from '../../store/open-store.ts';
import type { Workspace } from '../../store/workspace/workspace.ts';
import { findRun } from './find-run.ts';

export interface RunOrders {
  /** Store of the caller's project. */
  store: Pick<OpenStore, 'project' | 'listRuns' | 'audited' | 'workspace'>;
  queue: RunQueue;
  /** Absolute path: only files inside it may run. */
  pipelines: string;
}

export interface RunRequest {
  /** Name of a pipeline that ran here before, or a file inside the pipelines folder. */
  pipeline: string;
  parameters: Record<string, unknown>;
  seed?: number | undefined;
  experiment?: string | undefined;
  note?: string | undefined;
  actor: Actor;
}

/** Adds a run to the workers' queue. @throws RUN_PIPELINE_UNKNOWN, RUN_PIPELINE_OUTSIDE */
export async function enqueueRun(
  orders: RunOrders,
  { pipeline, parameters, seed, experiment, note, actor }: RunRequest,
): Promise<QueuedRun> {
  const source = await findSource(orders, pipeline);
  return await enqueue(orders, { source, parameters, seed, experiment, note, actor, trigger: 'api' });
}

/**
 * Adds a run of the same file, parameters and seed to the queue. Over HTTP its places are confined like those of a new run, but for the pipeline's
 * own defaults.
 * @throws RUN_NOT_FOUND, RUN_WITHOUT_SOURCE
 */
export async function enqueueAgain(
  orders: Omit<RunOrders, 'store' | 'pipelines'> & { store: RunOrders['store'] & Pick<OpenStore, 'getRun'> },
  id: string,
  actor: Actor,
): Promise<QueuedRun> {
  const { source, parameters, seed, experiment, note, ...run } = await findRun(orders.store, id);
  if (source === null) throw new MitateError('RUN_WITHOUT_SOURCE', { id: run.id, pipeline: run.pipeline });
  const given = Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== null));
  const about = { experiment: experiment ?? undefined, note: note ?? undefined };
  return await enqueue(orders, { source, parameters: given, seed, ...about, actor, trigger: 'retry' });
}

async function enqueue(
  { store, queue }: Pick<RunOrders, 'store' | 'queue'>,
  {
    source,
    parameters,
    seed,
    experiment,
    note,
    actor,
    trigger,
  }: Omit<RunRequest, 'pipeline'> & Pick<RunOrder, 'source' | 'trigger'>,
): Promise<QueuedRun> {
  const order: Omit<RunOrder, 'id'> = {
    project: store.project,
    source,
    parameters,
    seed: seed ?? null,
    who: actor.name,
    trigger,
    ...(experiment !== undefined && { experiment }),
    ...(note !== undefined && { note }),
    isConfined: actor.door === 'http',
  };
  const id = await store.audited(
    (within) => queue.add(order, within),
    (added) => ({ actor, action: 'run.enqueue', subject: added, details: { source } }),
  );
  return { ...order, id, state: 'queued', queuedAt: new Date(), runId: null, error: null };
}

interface Queued {
  store: Pick<OpenStore, 'project' | 'audited'>;
  queue: RunQueue;
}

/** @throws RUN_UNKNOWN */
export async function requireQueuedRun(
  { store, queue }: { store: Pick<OpenStore, 'project'>; queue: RunQueue },
  id: string,
): Promise<QueuedRun> {
  const order = await queue.find(store.project, id);
  if (order === null) throw new MitateError('RUN_UNKNOWN', { id });
  return order;
}

/** @throws RUN_ORDER_NOT_WAITING */
export async function cancelQueuedRun({ store, queue }: Queued, id: string, actor: Actor): Promise<void> {
  const order = await queue.find(store.project, id);
  await store.audited(
    async (within) => {
      if (!(await queue.cancel(store.project, id, within)))
        throw new MitateError('RUN_ORDER_NOT_WAITING', { id, state: order?.state ?? 'unknown' });
      await within.releases.settleStart(id, 'cancelled');
    },
    { actor, action: 'run.dequeue', subject: id },
  );
}

export const pipelineExtensions = ['.ts', '.mts', '.js', '.mjs'];

export async function findSource(
  { store, pipelines }: { store: Pick<OpenStore, 'listRuns' | 'workspace'>; pipelines: string },
  pipeline: string,
): Promise<string> {
  if (pipelineExtensions.includes(extname(pipeline))) return insideFolder(pipelines, pipeline, store.workspace);
  const ran = await store.listRuns({ pipeline, limit: 100 });
  const source = ran.map((run) => run.source).find((file) => file !== null && existsSync(file));
  if (!source) throw new MitateError('RUN_PIPELINE_UNKNOWN', { pipeline, folder: pipelines });
  return source;
}

/**
 * A pipeline file is code that runs: links are resolved before the path is checked. What npm installed, and what runs wrote into the workspace,
 * is no pipeline of the operator's.
 */
function insideFolder(folder: string, pipeline: string, workspace: Pick<Workspace, 'dir'>): string {
  const file = resolve(folder, pipeline);
  const real = existsSync(file) ? realpathSync(file) : file;
  const isOwn =
    real.startsWith(realpathSync(folder) + sep) &&
    !real.split(sep).includes('node_modules') &&
    !isInside(realpathSync(workspace.dir), real);
  if (!existsSync(file) || !isOwn) throw new MitateError('RUN_PIPELINE_OUTSIDE', { pipeline, folder });
  return real;
}
