import { setTimeout as sleep } from 'node:timers/promises';
import { parametersThere, requireGoodRuns } from '../actions/releases/gate.ts';
import { receiveRelease } from '../actions/releases/receive.ts';
import { releasedPipeline } from '../actions/releases/release.ts';
import { withStore } from '../actions/with-store.ts';
import { type Environment, requireEnvironment } from '../config/environments.ts';
import type { Config } from '../config/index.ts';
import type { Logger } from '../contracts/logger.ts';
import type { ReleaseStart } from '../contracts/release.ts';
import type { QueuedRun } from '../contracts/run-order.ts';
import { openRunQueue, type RunQueue } from '../orchestrator/queue/run-queue.ts';
import type { OpenStore } from '../store/open-store.ts';
import { actor } from './access.ts';
import { rethrowServerErrors } from './changes/server-error.ts';
import {
  clientOf,
  configOf,
  isRemote,
  type LocalEnvironment,
  type RemoteEnvironment,
  triedIn,
} from './environments.ts';
import { asReleaseFile, type ReleaseFile, readReleaseFile } from './release-file.ts';

export interface Bringing {
  /** Id of a release, or a file that "release --out" wrote. */
  release: string;
  /** Environment that it goes to. */
  env: string;
  /** Environment that it comes from. */
  from?: string | undefined;
  parameters: Record<string, string>;
  run: boolean;
  wait: boolean;
  signal: AbortSignal;
  logger: Logger;
}

export type Brought = Pick<ReleaseStart, 'release' | 'environment' | 'stage' | 'runId' | 'state'>;

/** Brings a release to an environment, starts its run there, and remembers it here too. */
export async function deployPipeline(config: Config, bringing: Bringing): Promise<Brought> {
  const environment = await requireEnvironment(bringing.env);
  const source = (await triedIn(config, bringing.from)).config;
  const { there, brought } = await withStore(source, { attach: true }, async (store) => {
    const file = await fileOf(store, bringing.release);
    await requireGoodRuns(store, file.release.id, environment);
    const parameters = parametersThere(file.release, environment, bringing.parameters, isRemote(environment));
    const there = isRemote(environment) ? remotePlace(environment) : localPlace(source, environment, store, bringing);
    const brought = await there.bring(file, parameters, bringing.run);
    await remember(store, file, there.name, environment, brought);
    return { there, brought };
  });
  const { runId } = brought;
  if (!bringing.wait || runId === null) return brought;
  // the workspace is let go meanwhile: the worker that is waited for may have to take it
  const state = await settled(() => there.state(runId), bringing.signal);
  await withStore(source, { attach: true }, ({ releases }) => releases.settleStart(runId, state));
  return { ...brought, state };
}

async function fileOf(store: OpenStore, release: string): Promise<ReleaseFile> {
  return release.endsWith('.json')
    ? await readReleaseFile(release)
    : asReleaseFile(await releasedPipeline(store, release));
}

/** Somewhere that a release can be brought. */
interface Place {
  /** Null = the very database and project that it comes from. */
  name: string | null;
  bring(file: ReleaseFile, parameters: Record<string, unknown>, run: boolean): Promise<ReleaseStart>;
  state(runId: string): Promise<ReleaseStart['state']>;
}

function remotePlace(environment: RemoteEnvironment): Place {
  const client = clientOf(environment);
  const { name, stage, server: url } = environment;
  return {
    name: url,
    async bring({ release, bundle, proofs }, parameters, run) {
      const told = { release, bundle, proofs, parameters, run, environment: name, stage };
      const { start } = await rethrowServerErrors({ url }, () => client.releases.bring(told));
      return { ...start, seq: 0, at: new Date(start.at) };
    },
    state: async (runId) =>
      await rethrowServerErrors({ url }, async () => stateOf(await client.runs.order(runId), client.runs.get)),
  };
}

/** @param source settings of the store that it comes from */
function localPlace(source: Config, environment: LocalEnvironment, from: OpenStore, { logger }: Bringing): Place {
  const there = configOf(source, environment);
  const isHere = there.workspace === from.workspace.dir && there.databaseUrl === source.databaseUrl;
  // two folders may share one PostgreSQL: what is brought there stands in it once
  const isSameDatabase = isHere || (there.databaseUrl !== null && there.databaseUrl === source.databaseUrl);
  const isSame = isSameDatabase && there.project === from.project;
  const opened = async <T>(work: (store: OpenStore) => Promise<T>) => await withStore(there, { attach: true }, work);
  type Work<T> = (store: OpenStore, queue: RunQueue) => Promise<T>;
  const queued = async <T>(store: OpenStore, work: Work<T>): Promise<T> => {
    await using queue = await openRunQueue(store, { logger });
    return await work(store, queue);
  };
  return {
    name: isSame ? null : `${there.workspace} (${there.project})`,
    async bring({ release, bundle, proofs }, parameters, run) {
      const { name, stage } = environment;
      const told = {
        release,
        proofs,
        parameters,
        run,
        environment: name,
        stage,
        via: 'command',
        actor: actor(),
      } as const;
      const arrival = { ...told, bundle: Buffer.from(bundle, 'base64') };
      const take = (store: OpenStore) =>
        queued(store, async (_, queue) => (await receiveRelease(store, async () => queue, arrival)).start);
      return isHere ? await take(from.forProject(there.project)) : await opened(take);
    },
    state: (runId) =>
      opened((of) =>
        queued(of, async (store, queue) =>
          stateOf(await queue.find(store.project, runId), async (id) => ({ run: (await store.getRun(id))! })),
        ),
      ),
  };
}

/** Of an order, and of the run that came of it. */
async function stateOf(
  order: Pick<QueuedRun, 'state' | 'runId'> | null,
  find: (runId: string) => Promise<{ run: { state: ReleaseStart['state'] } }>,
): Promise<ReleaseStart['state']> {
  if (order === null || order.state === 'failed') return 'failed';
  if (order.state === 'cancelled') return 'cancelled';
  if (order.state !== 'completed') return order.state === 'active' ? 'running' : 'queued';
  return order.runId === null ? 'failed' : (await find(order.runId)).run.state;
}

async function settled(
  look: () => Promise<ReleaseStart['state']>,
  signal: AbortSignal,
): Promise<ReleaseStart['state']> {
  for (;;) {
    const state = await look();
    if (state !== 'queued' && state !== 'running') return state;
    await sleep(1_000, undefined, { signal });
  }
}

/** What was brought elsewhere is remembered where it came from, as well. */
async function remember(
  store: OpenStore,
  { release }: ReleaseFile,
  place: string | null,
  environment: Environment,
  start: ReleaseStart,
): Promise<void> {
  const by = actor();
  const { runId, state, stage } = start;
  const sent = { release: release.id, environment: environment.name, stage, approver: null, branch: null };
  await store.audited(
    async ({ releases }) => {
      if (place === null) return;
      await releases.recordStart({ ...sent, place, via: 'command', who: by.name, runId, state });
    },
    { actor: by, action: 'release.deploy', subject: release.id, details: { environment: environment.name, runId } },
  );
}
