import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readArtifactJson } from '../../artifacts/artifact-json.ts';
import { readBlessing } from '../../artifacts/blessing/files.ts';
import type { MaturityAnswer } from '../../contracts/api/maturity.ts';
import type { ArtifactType, StoredArtifact } from '../../contracts/artifact.ts';
import { evaluationSchema } from '../../contracts/artifacts/evaluation.ts';
import { signatureSchema } from '../../contracts/artifacts/signature.ts';
import type { ExecutionRecord, RunRecord } from '../../contracts/run.ts';
import { assessMaturity } from '../../feedback/maturity/assess.ts';
import type { Facts, Resumed, RunFacts } from '../../feedback/maturity/facts.ts';
import { deployedByItself } from '../../feedback/maturity/look-ups.ts';
import { queueState } from '../../orchestrator/queue/queue-state.ts';
import { listFiles } from '../../store/artifacts/tree-digest.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { followedStarts } from '../releases/releases.ts';

/** The 46 checks of Google's MLOps levels, evaluated from the store. */
export async function maturity(store: OpenStore, now: Date): Promise<MaturityAnswer[]> {
  return assessMaturity(await gatherFacts(store, now));
}

const newestRuns = 500;
/** Of them, those whose steps are searched for a resumed one. */
const lookedInto = 20;

type Runs = Pick<OpenStore, 'listArtifacts' | 'listExecutions' | 'executionArtifacts' | 'getExecution' | 'getRun'>;

export async function gatherFacts(store: OpenStore, now: Date): Promise<Facts> {
  const runs = await store.listRuns({ limit: newestRuns });
  const [models, endpoints] = [await store.listModels(), await store.endpoints.listEndpoints()];
  const of = <T, R>(all: readonly T[], read: (each: T) => Promise<R[]>) =>
    Promise.all(all.map(read)).then((lists) => lists.flat());
  const made = await executionsOfModels(store);
  const deployed = {
    versions: await of(models, ({ name }) => store.listVersions(name)),
    endpointEvents: await of(endpoints, ({ name }) => store.endpoints.endpointTimeline(name)),
    promotions: await store.promotions.list({ limit: 100 }),
  };
  const { lastTickAt } = await queueState(store);
  return {
    now,
    lastTickAt,
    runs,
    trained: new Set(made.values()),
    training: await newestTraining(store, runs, made),
    resumed: await newestResumed(store, runs.slice(0, lookedInto)),
    ...deployed,
    delivery: await deliveryOf(store, deployed),
    endpoints: endpoints.map(({ name }) => name),
    answers: await newestAnswers(store),
    monitors: await store.monitors.listMonitors(),
    results: await store.monitors.latestResults(),
    triggers: await store.triggers.listTriggers(),
    firings: await store.triggers.listFirings({ limit: 500 }),
    releases: await store.releases.list(),
    starts: await followedStarts(store),
    proofs: await store.releases.listProofs({ limit: 1_000 }),
  };
}

/** Executions that made a model, with their runs. An erasure publishes models again, and trains none. */
async function executionsOfModels(store: Runs): Promise<Map<string, string>> {
  const models = await store.listArtifacts({ type: 'Model', limit: 200 });
  const executions = await Promise.all(models.map(({ executionId }) => store.getExecution(executionId)));
  const made = new Map<string, string>();
  for (const execution of executions) {
    const run = execution && (await store.getRun(execution.runId));
    if (run && run.trigger !== 'erase') made.set(execution.id, run.id);
  }
  return made;
}

async function deliveryOf(store: Runs, deployed: Parameters<typeof deployedByItself>[0]): Promise<Facts['delivery']> {
  const found = deployedByItself(deployed);
  const run = found && (await store.getRun(found.version.runId));
  return found && run && { ...found, run: await runFacts(store, run, await store.listExecutions(run.id)) };
}

async function newestAnswers({ requests }: Pick<OpenStore, 'requests'>): Promise<Facts['answers']> {
  // a shadow has a row of its own for each request
  const sent = (await requests.listRequests({ limit: 200 })).filter(({ role }) => role !== 'shadow').slice(0, 100);
  return {
    answered: sent.filter(({ status, label }) => status === 200 && label !== null).length,
    failed: sent.filter(({ status }) => status >= 500).length,
  };
}

async function newestTraining(
  store: Runs,
  runs: readonly RunRecord[],
  made: ReadonlyMap<string, string>,
): Promise<RunFacts | null> {
  for (const run of runs.filter(({ state, trigger }) => state === 'succeeded' && trigger !== 'erase')) {
    const executions = await store.listExecutions(run.id);
    if (executions.some(({ id, cachedFrom }) => made.has(cachedFrom ?? id)))
      return await runFacts(store, run, executions);
  }
  return null;
}

async function runFacts(
  store: Pick<OpenStore, 'executionArtifacts'>,
  run: RunRecord,
  executions: readonly ExecutionRecord[],
): Promise<RunFacts> {
  const steps = await Promise.all(
    executions.map(async (execution) => ({ execution, ...(await store.executionArtifacts(execution.id)) })),
  );
  const made = steps.flatMap(({ outputs }) => outputs.map(({ artifact }) => artifact));
  const readOf = async <T>(type: ArtifactType, read: (artifact: StoredArtifact) => Promise<T>): Promise<T | null> => {
    const artifact = made.find((each) => each.type === type);
    // removed by gc, or lost: no evidence
    return artifact === undefined ? null : await read(artifact).catch(() => null);
  };
  return {
    run,
    steps,
    lost: (await Promise.all(made.map(isLost))).filter(Boolean).length,
    evaluation: await readOf('ModelEvaluation', ({ uri }) =>
      readArtifactJson(join(uri, 'evaluation.json'), evaluationSchema),
    ),
    blessing: await readOf('ModelBlessing', ({ uri }) => readBlessing(uri, 'model')),
    infraBlessing: await readOf('InfraBlessing', ({ uri }) => readBlessing(uri, 'infra')),
    signature: await readOf('Model', ({ uri }) =>
      readArtifactJson(join(uri, 'Format-Serving', 'signature.json'), signatureSchema),
    ),
  };
}

const isLost = async ({ uri, sizeBytes }: StoredArtifact) => (await sizeOf(uri).catch(() => null)) !== sizeBytes;

async function sizeOf(folder: string): Promise<number> {
  const files = await listFiles(folder);
  const sizes = await Promise.all(files.map(async (path) => (await stat(join(folder, path))).size));
  return sizes.reduce((total, size) => total + size, 0);
}

/** A step that a successful run took from the cache, where a run that failed or was stopped had put it. */
async function newestResumed(
  store: Pick<OpenStore, 'listExecutions'>,
  runs: readonly RunRecord[],
): Promise<Resumed | null> {
  const steps = await Promise.all(runs.map(async (run) => ({ run, executions: await store.listExecutions(run.id) })));
  const failed = new Map(
    steps
      .filter(({ run: { state } }) => state === 'failed' || state === 'cancelled')
      .flatMap(({ run, executions }) => executions.map(({ id }) => [id, run] as const)),
  );
  for (const { run, executions } of steps.filter(({ run: { state } }) => state === 'succeeded'))
    for (const { step, cachedFrom } of executions) {
      const from = cachedFrom === null ? undefined : failed.get(cachedFrom);
      if (from?.pipeline === run.pipeline) return { step, runId: run.id, failedRunId: from.id };
    }
  return null;
}
