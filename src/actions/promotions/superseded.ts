import type { Endpoint } from '../../contracts/endpoint.ts';
import type { Promotion } from '../../contracts/loop/promotion.ts';
import { isCandidate } from './facts.ts';

/** What someone did to an endpoint by hand meanwhile: it goes before the promotion. */
export interface Overtaken {
  why: string;
  /** It is about the candidate's own deployment, which stays as it was set; else the candidate is taken down. */
  isItsOwn: boolean;
}

export function overtakenBy(promotion: Promotion, endpoint: Endpoint | null): Overtaken | null {
  const others = (why: string) => ({ why, isItsOwn: false });
  const its = (why: string) => ({ why, isItsOwn: true });
  if (endpoint === null) return others('the endpoint was removed');
  const stable = endpoint.deployments.find(({ role }) => role === 'stable');
  if (stable === undefined) return others('the endpoint was taken down');
  const { championName, championVersion, state, step, policy } = promotion;
  if (isCandidate(promotion, stable)) return its('it was made the stable version by hand');
  if (stable.modelName !== championName || stable.version !== championVersion)
    return others(`${stable.modelName}@${stable.version} became the stable version`);
  const expected = state === 'waiting-for-approval' && step >= 0 ? 'canary' : state;
  if (expected !== 'shadow' && expected !== 'canary') return null;
  const deployed = endpoint.deployments.find((each) => isCandidate(promotion, each));
  if (deployed?.role !== expected) return its('its deployment was changed by hand');
  if (expected === 'shadow') return null;
  const share = policy.canary.steps[step]!;
  return deployed.traffic === share
    ? null
    : its(`its traffic was changed by hand, from ${share} % to ${deployed.traffic} %`);
}
