import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readArtifactJson } from '../../artifacts/artifact-json.ts';
import { readBlessing } from '../../artifacts/blessing/files.ts';
import type { MaturityAnswer } from '../../contracts/api/maturity.ts';
import type { ArtifactType, StoredArtifact } from '../../contracts/artifact.ts';
import { evaluationSchema } from '../../contracts/artifacts/evaluation.ts';
import { signatureSchema } from '../../contracts/artifacts/signature.ts';
import type { ExecutionRecord, RunRecord } from '../../contracts/run.ts';
import { assessMaturity } from '../../feedback/maturity/assess.ts';
import type { Facts, RunFacts } from '../../feedback/maturity/facts.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { followedStarts } from '../releases/releases.ts';

/** The 46 checks of Google's MLOps levels, evaluated from the store. */
export async function maturity(store: OpenStore): Promise<MaturityAnswer[]> {
  return assessMaturity(await gatherFacts(store));
}

const newestRuns = 500;
/** Of them, those whose steps are searched for a resumed one. */
const lookedInto = 20;

export async function gatherFacts(store: OpenStore): Promise<Facts> {
  const runs = await store.listRuns({ limit: newestRuns });
  const [models, endpoints] = [await store.listModels(), await store.endpoints.listEndpoints()];
  const of = <T, R>(all: readonly T[], read: (each: T) => Promise<R[]>) =>
    Promise.all(all.map(read)).then((lists) => lists.flat());
  return {
    runs,
    training: await newestTraining(store, runs),
    resumed: await newestResumed(store, runs.slice(0, lookedInto)),
    versions: await of(models, ({ name }) => store.listVersions(name)),
    endpointEvents: await of(endpoints, ({ name }) => store.endpoints.endpointTimeline(name)),
    answered: (await store.requests.listRequests({ limit: 100 })).filter(({ status }) => status === 200).length,
    monitors: await store.monitors.listMonitors(),
    results: await store.monitors.latestResults(),
    triggers: await store.triggers.listTriggers(),
    firings: await store.triggers.listFirings({ limit: 500 }),
    promotions: await store.promotions.list({ limit: 100 }),
    releases: await store.releases.list(),
    starts: await followedStarts(store),
    proofs: await store.releases.listProofs({ limit: 1_000 }),
  };
}

async function newestTraining(
  store: Pick<OpenStore, 'listArtifacts' | 'listExecutions' | 'executionArtifacts'>,
  runs: readonly RunRecord[],
): Promise<RunFacts | null> {
  const made = new Set(
    (await store.listArtifacts({ type: 'Model', limit: 200 })).map(({ executionId }) => executionId),
  );
  for (const run of runs.filter(({ state }) => state === 'succeeded')) {
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
    lost: made.filter(({ uri }) => !existsSync(uri)).length,
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

async function newestResumed(
  store: Pick<OpenStore, 'listExecutions'>,
  runs: readonly RunRecord[],
): Promise<ExecutionRecord | null> {
  for (const { id } of runs) {
    const cached = (await store.listExecutions(id)).find(({ state }) => state === 'cached');
    if (cached) return cached;
  }
  return null;
}
