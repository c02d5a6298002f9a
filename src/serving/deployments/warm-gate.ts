import type { DeploymentPlan } from '../../contracts/endpoint.ts';

/** Called before an endpoint changes: only loaded and checked models take traffic. */
export interface WarmGate {
  /**
   * Resolves once every version of the plan is loaded and its answers to the warm-up requests match training.
   * @throws DEPLOYMENT_NOT_READY; nothing was changed then
   */
  prepare(project: string, plan: readonly DeploymentPlan[]): Promise<void>;
}
