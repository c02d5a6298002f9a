import type { DeploymentPlan } from '../../contracts/endpoint.ts';
import { MitateError, toMitateError } from '../../errors/index.ts';
import { InferencePool } from '../../inference/inference-pool.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { modelSource } from './model-source.ts';
import type { WarmGate } from './warm-gate.ts';

/** For changes made while no server runs: loads each version in a fresh process, which checks its answers to the warm-up requests. */
export function bootGate(store: Pick<OpenStore, 'forProject'>): WarmGate {
  return {
    async prepare(project, plan) {
      if (plan.length === 0) return;
      await using pool = await InferencePool.open({ processes: 1 });
      for (const each of plan) await boot(pool, store.forProject(project), project, each);
    },
  };
}

async function boot(pool: InferencePool, store: OpenStore, project: string, each: DeploymentPlan): Promise<void> {
  const { key, uri } = await modelSource(store, project, each.modelName, each.version);
  try {
    await pool.loadModel(key, uri);
  } catch (error) {
    const reason = toMitateError(error).message;
    throw new MitateError('DEPLOYMENT_NOT_READY', { model: key, reason }, { cause: error });
  }
}
