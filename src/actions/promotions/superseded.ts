import type { Endpoint } from '../../contracts/endpoint.ts';
import type { Promotion } from '../../contracts/loop/promotion.ts';
import { isCandidate } from './facts.ts';

/** A manual change of the endpoint, which ends the promotion. */
export interface Superseded {
  why: string;
  /** The candidate's own deployment was changed and stays as it is; else the candidate is undeployed. */
  isOwnDeployment: boolean;
}

export function supersededBy(promotion: Promotion, endpoint: Endpoint | null): Superseded | null {
  const other = (why: string) => ({ why, isOwnDeployment: false });
  const own = (why: string) => ({ why, isOwnDeployment: true });
  if (endpoint === null) return other('the endpoint was removed');
  const stable = endpoint.deployments.find(({ role }) => role === 'stable');
  if (stable === undefined) return other('the endpoint has no stable version any more');
  const { championName, championVersion, state, step, policy } = promotion;
  if (isCandidate(promotion, stable)) return own('it was made the stable version by hand');
  if (stable.modelName !== championName || stable.version !== championVersion)
    return other(`${stable.modelName}@${stable.version} became the stable version`);
  const expected = state === 'waiting-for-approval' && step >= 0 ? 'canary' : state;
  if (expected !== 'shadow' && expected !== 'canary') return null;
  const deployed = endpoint.deployments.find((each) => isCandidate(promotion, each));
  if (deployed?.role !== expected) return own('its deployment was changed by hand');
  if (expected === 'shadow') return null;
  const share = policy.canary.steps[step];
  return deployed.traffic === share
    ? null
    : own(`its traffic was changed by hand, from ${share} % to ${deployed.traffic} %`);
}
