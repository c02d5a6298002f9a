import type { Config } from '../../config/index.ts';
import type { Actor } from '../../contracts/actor.ts';
import type { Logger } from '../../contracts/logger.ts';
import type { ReleaseStart } from '../../contracts/release.ts';
import type { QueuedRun } from '../../contracts/run-order.ts';
import { openRunQueue, type RunQueue } from '../../orchestrator/queue/run-queue.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { showRun } from '../runs/runs.ts';
import { rethrowServerErrors } from '../server-errors.ts';
import { withStore } from '../with-store.ts';
import { clientOf, configOf, type LocalEnvironment, type RemoteEnvironment } from './environments.ts';
import { receiveRelease } from './receive.ts';
import type { ReleaseFile } from './release-file.ts';

export type Outcome = Pick<ReleaseStart, 'state' | 'trained'>;

export interface DeployTarget {
  /** Workspace folder or URL of a server; null = the database and project of the source. */
  place: string | null;
  deploy(file: ReleaseFile, parameters: Record<string, unknown>, run: boolean): Promise<ReleaseStart>;
  outcome(runId: string): Promise<Outcome>;
}

export function remoteTarget(environment: RemoteEnvironment): DeployTarget {
  const client = clientOf(environment);
  const { name, stage, server: url } = environment;
  return {
    place: url,
    async deploy({ release, bundle, proofs }, parameters, run) {
      const body = { release, bundle, proofs, parameters, run, environment: name, stage };
      const { start } = await rethrowServerErrors(url, () => client.releases.deploy(body));
      // a server of before 0.2 does not say these
      const { stageIsSet = false, workflow = null } = start as Partial<typeof start>;
      return { ...start, stageIsSet, workflow, seq: 0, at: new Date(start.at) };
    },
    outcome: async (runId) =>
      await rethrowServerErrors(url, async () => outcomeOf(await client.runs.queue.get(runId), client.runs.get)),
  };
}

/** @param source config of the store that the release comes from */
export function localTarget(
  source: Config,
  environment: LocalEnvironment,
  from: Pick<OpenStore, 'workspace' | 'project' | 'forProject'>,
  { actor, byHand, logger }: { actor: Actor; byHand: boolean; logger: Logger },
): DeployTarget {
  const there = configOf(source, environment);
  const isHere = there.workspace === from.workspace.dir && there.databaseUrl === source.databaseUrl;
  // two workspaces may share one PostgreSQL, which holds the release once
  const isSameDatabase = isHere || (there.databaseUrl !== null && there.databaseUrl === source.databaseUrl);
  const isSame = isSameDatabase && there.project === from.project;
  const opened = async <T>(work: (store: OpenStore) => Promise<T>) => await withStore(there, { attach: true }, work);
  type Work<T> = (store: OpenStore, queue: RunQueue) => Promise<T>;
  const queued = async <T>(store: OpenStore, work: Work<T>): Promise<T> => {
    await using queue = await openRunQueue(store, { logger });
    return await work(store, queue);
  };
  return {
    place: isSame ? null : `${there.workspace} (${there.project})`,
    async deploy({ release, bundle, proofs }, parameters, run) {
      const { name, stage } = environment;
      const given = {
        release,
        proofs,
        parameters,
        run,
        environment: name,
        stage,
        via: 'command',
        actor,
        byHand,
      } as const;
      const arrival = { ...given, bundle: Buffer.from(bundle, 'base64') };
      const receive = (store: OpenStore) =>
        queued(store, async (_, queue) => (await receiveRelease(store, async () => queue, arrival)).start);
      return isHere ? await receive(from.forProject(there.project)) : await opened(receive);
    },
    outcome: (runId) =>
      opened((of) =>
        queued(of, async (store, queue) =>
          outcomeOf(await queue.find(store.project, runId), (id) => showRun(store, id)),
        ),
      ),
  };
}

type Steps = { state: string; component: string; outputs: { artifact: { type: string } }[] }[];

/** Of a queued run, or of the run it became. */
async function outcomeOf(
  order: Pick<QueuedRun, 'state' | 'runId'> | null,
  find: (runId: string) => Promise<{ run: { state: ReleaseStart['state'] }; executions: Steps }>,
): Promise<Outcome> {
  const untrained = (state: ReleaseStart['state']) => ({ state, trained: null });
  if (order === null || order.state === 'failed') return untrained('failed');
  if (order.state === 'cancelled') return untrained('cancelled');
  if (order.state !== 'completed') return untrained(order.state === 'active' ? 'running' : 'queued');
  if (order.runId === null) return untrained('failed');
  const { run, executions } = await find(order.runId);
  return { state: run.state, trained: hasTrained(executions) };
}

/** A step made a model itself: none of the cache, and none of another run. */
function hasTrained(executions: Steps): boolean {
  return executions.some(
    ({ state, component, outputs }) =>
      state === 'succeeded' && component !== 'Resolver' && outputs.some(({ artifact }) => artifact.type === 'Model'),
  );
}
