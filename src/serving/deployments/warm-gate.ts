import type { DeploymentPlan } from '../../contracts/endpoint.ts';

/** Asked before an endpoint changes: nothing takes traffic that was not loaded and checked first. */
export interface WarmGate {
  /**
   * Resolves once every version of the plan is loaded, warm and answers its warm-up requests right.
   * @throws DEPLOYMENT_NOT_READY, and then nothing was changed
   */
  prepare(project: string, plan: readonly DeploymentPlan[]): Promise<void>;
}
