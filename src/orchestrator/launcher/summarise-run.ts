import type { ExecutionState } from '../../contracts/run.ts';
import type { PushedVersion, RunSummary, StepSummary } from '../summary.ts';

/** The summary of a run, from those of its steps. */
export function summariseRun(runId: string, pipeline: string, seconds: number, steps: StepSummary[]): RunSummary {
  const has = (state: ExecutionState) => steps.some((step) => step.state === state);
  const state = has('failed') ? 'failed' : has('cancelled') ? 'cancelled' : 'succeeded';
  const error = steps.find((step) => step.state === state && step.error)?.error ?? null;
  return { runId, pipeline, state, seconds, steps, blessed: blessedOf(steps), pushed: steps.flatMap(pushedBy), error };
}

function blessedOf(steps: StepSummary[]): boolean | null {
  const blessings = steps
    .flatMap(({ artifacts }) => Object.values(artifacts))
    .filter(({ type }) => type === 'ModelBlessing' || type === 'InfraBlessing');
  return blessings.length === 0 ? null : blessings.every(({ properties }) => Number(properties.blessed) === 1);
}

function pushedBy({ name, artifacts }: StepSummary): PushedVersion[] {
  return Object.values(artifacts).flatMap(({ type, properties }) => {
    if (type !== 'PushedModel' || properties.version === undefined) return [];
    const { modelName, version, endpoint } = properties;
    return [
      {
        step: name,
        modelName: String(modelName),
        version: Number(version),
        endpoint: endpoint === undefined ? null : String(endpoint),
      },
    ];
  });
}
