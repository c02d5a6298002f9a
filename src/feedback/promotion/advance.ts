import type { PromotionCheck, PromotionGate, PromotionState } from '../../contracts/loop/promotion.ts';
import type { Decision, Facts, Standing } from './decision.ts';
import { judgeCanary } from './judge-canary.ts';
import { judgeReplay, judgeShadow } from './judge-pairs.ts';

type Stage = 'replaying' | 'shadow' | 'canary';

/** What follows from the facts. Pure: the same facts, the same decision, whoever asks and however often. */
export function advance(promotion: Standing, facts: Facts): Decision {
  const { state } = promotion;
  if (facts.refused !== null) return turnBack(promotion, `refused: ${facts.refused}`, []);
  if (facts.unready !== null) return turnBack(promotion, `the service cannot take it up: ${facts.unready}`, []);
  if (state === 'replaying') return afterReplay(promotion, facts);
  if (state === 'shadow') return afterShadow(promotion, facts);
  if (state === 'canary') return afterCanary(promotion, facts);
  return waiting(promotion, facts);
}

function afterReplay(promotion: Standing, { replay, approved }: Facts): Decision {
  const { policy } = promotion;
  if (policy.replay.requests === 0) return next(promotion, 'replaying', approved, 'replay is left out by policy', []);
  if (replay === null) return { kind: 'stay', why: 'logged requests are replayed by a worker', checks: [] };
  if (replay.photos + replay.failed === 0)
    return next(promotion, 'replaying', approved, 'no photo of a logged request is kept: nothing to replay', []);
  const { maxDisagreement } = policy.replay;
  const checks = judgeReplay(replay, { maxDisagreement, alpha: policy.alpha, overrule: policy.labels.overrule });
  return judged(promotion, 'replaying', approved, checks, `${replay.photos} logged requests replayed`);
}

function afterShadow(promotion: Standing, { shadow, approved }: Facts): Decision {
  const { policy } = promotion;
  const { requests, maxDisagreement } = policy.shadow;
  const seen = shadow?.pairs.length ?? 0;
  const limits = { maxDisagreement, alpha: policy.alpha, overrule: policy.labels.overrule };
  const checks = shadow === null ? [] : judgeShadow(shadow, requests, limits);
  if (seen < requests && !fails(checks))
    return { kind: 'stay', why: `${seen} of ${requests} requests in shadow`, checks };
  return judged(promotion, 'shadow', approved, checks, `${seen} requests in shadow`);
}

function afterCanary(promotion: Standing, { canary, approved }: Facts): Decision {
  const { policy, step } = promotion;
  const wanted = policy.canary.requestsAStep;
  const seen = canary?.candidate.requests ?? 0;
  const checks = canaryChecks(promotion, canary);
  if (seen < wanted && !fails(checks))
    return { kind: 'stay', why: `${seen} of ${wanted} requests at ${policy.canary.steps[step]} %`, checks };
  return judged(promotion, 'canary', approved, checks, `${seen} requests at ${policy.canary.steps[step]} %`);
}

function canaryChecks({ policy }: Standing, canary: Facts['canary']): PromotionCheck[] {
  if (canary === null) return [];
  const maxDisagreement = Math.max(policy.replay.maxDisagreement, policy.shadow.maxDisagreement);
  const { requestsAStep: wanted } = policy.canary;
  return judgeCanary(canary, { wanted, alpha: policy.alpha, maxDisagreement, overrule: policy.labels.overrule });
}

/** A canary that waits for a person still answers, and is still watched. */
function waiting(promotion: Standing, facts: Facts): Decision {
  const gate = promotion.gate!;
  const checks = canaryChecks(promotion, facts.canary);
  if (fails(checks)) return turnBack(promotion, failed(checks), checks);
  if (!facts.approved.has(gate)) return { kind: 'stay', why: `an approval is awaited ${spoken[gate]}`, checks };
  const target = { beforeShadow: 'shadow', beforeCanary: 'canary', beforePromote: 'promoted' } as const;
  return enter(promotion, target[gate], 'approved', checks);
}

function judged(
  promotion: Standing,
  from: Stage,
  approved: Facts['approved'],
  checks: PromotionCheck[],
  seen: string,
): Decision {
  if (fails(checks)) return turnBack(promotion, failed(checks), checks);
  return next(promotion, from, approved, `${seen}, nothing against it`, checks);
}

/** The stage after this one that the policy wants, or the approval that it wants first. */
function next(
  promotion: Standing,
  from: Stage,
  approved: Facts['approved'],
  why: string,
  checks: PromotionCheck[],
): Decision {
  const { policy, step } = promotion;
  const { steps } = policy.canary;
  if (from === 'replaying' && policy.shadow.requests > 0) return gated(promotion, 'shadow', approved, why, checks);
  if (from === 'canary' && step + 1 < steps.length) return enter(promotion, 'canary', why, checks);
  if (from !== 'canary' && steps.length > 0) return gated(promotion, 'canary', approved, why, checks);
  return gated(promotion, 'promoted', approved, why, checks);
}

const gates = { shadow: 'beforeShadow', canary: 'beforeCanary', promoted: 'beforePromote' } as const;

function gated(
  promotion: Standing,
  target: 'shadow' | 'canary' | 'promoted',
  approved: Facts['approved'],
  why: string,
  checks: PromotionCheck[],
): Decision {
  const gate = gates[target];
  if (promotion.policy.approvals[gate] === null || approved.has(gate)) return enter(promotion, target, why, checks);
  const state = 'waiting-for-approval';
  return { kind: 'go', state, step: promotion.step, gate, why: `${why}; waits for approval ${spoken[gate]}`, checks };
}

function enter(
  { step }: Standing,
  state: 'shadow' | 'canary' | 'promoted',
  why: string,
  checks: PromotionCheck[],
): Decision {
  return { kind: 'go', state, step: state === 'canary' ? step + 1 : step, gate: null, why, checks };
}

/** From traffic that it has, or from traffic that it would have had. */
function turnBack({ step }: Standing, why: string, checks: PromotionCheck[]): Decision {
  const state: PromotionState = step >= 0 ? 'rolled-back' : 'rejected';
  return { kind: 'go', state, step, gate: null, why, checks };
}

const fails = (checks: readonly PromotionCheck[]) => checks.some(({ verdict }) => verdict === 'fail');

const failed = (checks: readonly PromotionCheck[]) =>
  checks
    .filter(({ verdict }) => verdict === 'fail')
    .map(({ name, said }) => `${name}: ${said}`)
    .join('; ');

const spoken: Record<PromotionGate, string> = {
  beforeShadow: 'before the shadow',
  beforeCanary: 'before the canary',
  beforePromote: 'before it is promoted',
};
