import type { z } from 'zod';
import type { runGraphSchema } from '../../contracts/api/runs.ts';
import type { ExecutionRecord } from '../../contracts/run.ts';
import { pipelineDefinitionSchema } from '../../orchestrator/define/definition.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { findRun, type Runs } from './find-run.ts';
import { edgesOf } from './pipelines.ts';

type RunGraph = z.input<typeof runGraphSchema>;
type Store = Runs & Pick<OpenStore, 'getDefinition' | 'listExecutions' | 'getExecutions' | 'executionArtifacts'>;

/**
 * The steps of a run, those that wait too, with what flows between them: of the pipeline as it was recorded, and of a run of an older version as
 * far as artifacts tell.
 * @throws RUN_NOT_FOUND
 */
export async function runGraph(store: Store, id: string): Promise<RunGraph> {
  const run = await findRun(store, id);
  const executions = (await store.listExecutions(run.id)).sort((a, b) => Number(a.startedAt) - Number(b.startedAt));
  const definition = pipelineDefinitionSchema.safeParse(await store.getDefinition(run.definitionDigest)).data;
  const attempts = Map.groupBy(executions, ({ step }) => step);
  const origins = await store.getExecutions(executions.flatMap(({ cachedFrom }) => cachedFrom ?? []));
  const steps = definition?.steps.map(({ name, component }) => ({ step: name, component: component.name })) ?? [];
  const named = new Set(steps.map(({ step }) => step));
  const others = executions.filter(({ step }) => !named.has(step));
  const all = new Map([...steps, ...others].map(({ step, component }) => [step, component]));
  const { id: runId, pipeline, state, startedAt, finishedAt, cancelRequested } = run;
  return {
    run: { id: runId, pipeline, state, startedAt, finishedAt, cancelRequested },
    steps: [...all].map(([step, component]) => ({
      ...{ step, component },
      ...shown(attempts.get(step) ?? [], origins, state === 'running'),
    })),
    edges: definition ? edgesOf(definition.steps) : await edgesFrom(store, executions),
  };
}

function shown(attempts: readonly ExecutionRecord[], origins: readonly ExecutionRecord[], isRunning: boolean) {
  const last = attempts.at(-1);
  const origin = last && origins.find(({ id }) => id === last.cachedFrom);
  return {
    execution: last?.id ?? null,
    state: last?.state ?? (isRunning ? ('waiting' as const) : ('skipped' as const)),
    attempts: attempts.length,
    startedAt: last?.startedAt ?? null,
    finishedAt: last?.finishedAt ?? null,
    summary: last?.summary ?? origin?.summary ?? null,
    error: last?.error ?? null,
    explanation: last?.explanation ?? null,
    progress: last?.progress ?? null,
    usage: last?.usage ?? null,
    cachedFrom: origin ? { execution: origin.id, runId: origin.runId } : null,
    savedSeconds: origin?.finishedAt ? (Number(origin.finishedAt) - Number(origin.startedAt)) / 1000 : null,
  };
}

async function edgesFrom(store: Store, executions: readonly ExecutionRecord[]): Promise<RunGraph['edges']> {
  const steps = new Set(executions.map(({ step }) => step));
  const edges: RunGraph['edges'] = [];
  for (const { id, step } of executions) {
    const { inputs } = await store.executionArtifacts(id);
    for (const { key, artifact } of inputs)
      if (steps.has(artifact.step) && artifact.step !== step)
        edges.push({ producer: artifact.step, output: artifact.key, consumer: step, input: key });
  }
  return edges;
}
