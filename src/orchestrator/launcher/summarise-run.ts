import type { Deployment } from '../../contracts/endpoint.ts';
import type { ExecutionState } from '../../contracts/run.ts';
import type { PushedVersion, RunSummary, StepSummary } from '../summary.ts';

export function summariseRun(
  runId: string,
  pipeline: string,
  seconds: number,
  steps: StepSummary[],
  deployments: readonly Deployment[] = [],
): RunSummary {
  const has = (state: ExecutionState) => steps.some((step) => step.state === state);
  const state = has('failed') ? 'failed' : has('cancelled') ? 'cancelled' : 'succeeded';
  const error = steps.find((step) => step.state === state && step.error)?.error ?? null;
  return {
    runId,
    pipeline,
    state,
    seconds,
    steps,
    blessed: blessedOf(steps),
    pushed: steps.flatMap((step) => pushedBy(step, deployments)),
    error,
  };
}

function blessedOf(steps: StepSummary[]): boolean | null {
  const blessings = steps
    .flatMap(({ artifacts }) => Object.values(artifacts))
    .filter(({ type }) => type === 'ModelBlessing' || type === 'InfraBlessing');
  return blessings.length === 0 ? null : blessings.every(({ properties }) => Number(properties.blessed) === 1);
}

function pushedBy({ name, artifacts }: StepSummary, live: readonly Deployment[]): PushedVersion[] {
  return Object.values(artifacts).flatMap(({ type, properties }) => {
    if (type !== 'PushedModel' || properties.version === undefined) return [];
    const { modelName, version, endpoint, promotion } = properties;
    const deployments = live.filter((each) => each.endpoint === endpoint);
    return [
      {
        step: name,
        modelName: String(modelName),
        version: Number(version),
        endpoint: endpoint === undefined ? null : String(endpoint),
        deployments: deployments.map(({ modelName, version, role, traffic }) => ({
          modelName,
          version,
          role,
          traffic,
        })),
        promotion: promotion === undefined ? null : String(promotion),
      },
    ];
  });
}
