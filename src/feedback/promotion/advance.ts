import type { PromotionCheck, PromotionGate, PromotionState } from '../../contracts/loop/promotion.ts';
import type { Decision, Facts, PromotionProgress } from './decision.ts';
import { judgeCanary } from './judge-canary.ts';
import { judgeReplay, judgeShadow } from './judge-pairs.ts';

type Stage = 'replaying' | 'shadow' | 'canary';

/** The next decision. Pure: the same facts give the same decision. */
export function advance(promotion: PromotionProgress, facts: Facts): Decision {
  const { state } = promotion;
  if (facts.refused !== null) return rejectOrRollBack(promotion, `refused: ${facts.refused}`, []);
  if (facts.unready !== null) return rejectOrRollBack(promotion, `the server cannot load it: ${facts.unready}`, []);
  if (state === 'replaying') return afterReplay(promotion, facts);
  if (state === 'shadow') return afterShadow(promotion, facts);
  if (state === 'canary') return afterCanary(promotion, facts);
  return atGate(promotion, facts);
}

function afterReplay(promotion: PromotionProgress, { replay, approved }: Facts): Decision {
  const { policy } = promotion;
  if (policy.replay.requests === 0) return next(promotion, 'replaying', approved, 'the policy skips the replay', []);
  if (replay === null)
    return { kind: 'stay', why: 'a worker replays logged requests, once one has a kept photo', checks: [] };
  if (replay.photos + replay.failed === 0) return withoutReplay(promotion, approved);
  const { maxDisagreement } = policy.replay;
  const checks = judgeReplay(replay, { maxDisagreement, alpha: policy.alpha, overrule: policy.labels.overrule });
  return judged(promotion, 'replaying', approved, checks, `${replay.photos} logged requests replayed`);
}

/** Nothing to replay is no evidence: unless the policy says otherwise, some later stage must give it. */
function withoutReplay(promotion: PromotionProgress, approved: Facts['approved']): Decision {
  const { replay, shadow, canary } = promotion.policy;
  const why = 'no evidence: no logged request has a kept photo to replay';
  const isShownLater = shadow.requests > 0 || canary.steps.length > 0;
  if ((replay.noEvidence ?? (isShownLater ? 'go-on' : 'wait')) === 'go-on')
    return next(promotion, 'replaying', approved, why, []);
  return { kind: 'stay', why: `${why}; it waits for one`, checks: [] };
}

function afterShadow(promotion: PromotionProgress, { shadow, approved }: Facts): Decision {
  const { policy } = promotion;
  const { requests, maxDisagreement } = policy.shadow;
  const seen = shadow?.pairs.length ?? 0;
  const { alpha, labels, behaviour } = policy;
  const isLast = policy.canary.steps.length === 0;
  const limits = { maxDisagreement, alpha, overrule: labels.overrule, behaviour, isLast };
  const checks = shadow === null ? [] : judgeShadow(shadow, requests, limits);
  if (seen < requests && !fails(checks))
    return { kind: 'stay', why: `${seen} of ${requests} requests in shadow`, checks };
  if (waits(checks)) return { kind: 'stay', why: waiting(checks), checks };
  return judged(promotion, 'shadow', approved, checks, `${seen} requests in shadow`);
}

function afterCanary(promotion: PromotionProgress, { canary, approved }: Facts): Decision {
  const { policy, step } = promotion;
  const wanted = policy.canary.requestsAStep;
  const seen = canary?.candidate.requests ?? 0;
  const checks = canaryChecks(promotion, canary);
  if (seen < wanted && !fails(checks))
    return { kind: 'stay', why: `${seen} of ${wanted} requests at ${policy.canary.steps[step]} %`, checks };
  if (waits(checks)) return { kind: 'stay', why: waiting(checks), checks };
  return judged(promotion, 'canary', approved, checks, `${seen} requests at ${policy.canary.steps[step]} %`);
}

function canaryChecks({ policy }: PromotionProgress, canary: Facts['canary']): PromotionCheck[] {
  if (canary === null) return [];
  const maxDisagreement = Math.max(policy.replay.maxDisagreement, policy.shadow.maxDisagreement);
  const { requestsAStep: wanted } = policy.canary;
  const { alpha, labels, behaviour } = policy;
  return judgeCanary(canary, { wanted, alpha, maxDisagreement, overrule: labels.overrule, behaviour });
}

/** A canary that waits for approval still has traffic, so it is still checked. */
function atGate(promotion: PromotionProgress, facts: Facts): Decision {
  const gate = promotion.gate!;
  const checks = canaryChecks(promotion, facts.canary);
  if (fails(checks)) return rejectOrRollBack(promotion, failures(checks), checks);
  if (!facts.approved.has(gate)) return { kind: 'stay', why: `waiting for approval ${gateText[gate]}`, checks };
  const target = { beforeShadow: 'shadow', beforeCanary: 'canary', beforePromote: 'promoted' } as const;
  return enter(promotion, target[gate], 'approved', checks);
}

function judged(
  promotion: PromotionProgress,
  from: Stage,
  approved: Facts['approved'],
  checks: PromotionCheck[],
  seen: string,
): Decision {
  if (fails(checks)) return rejectOrRollBack(promotion, failures(checks), checks);
  return next(promotion, from, approved, `${seen}, no check failed`, checks);
}

/** The policy's next stage, or the approval that it requires first. */
function next(
  promotion: PromotionProgress,
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
  promotion: PromotionProgress,
  target: 'shadow' | 'canary' | 'promoted',
  approved: Facts['approved'],
  why: string,
  checks: PromotionCheck[],
): Decision {
  const gate = gates[target];
  if (promotion.policy.approvals[gate] === null || approved.has(gate)) return enter(promotion, target, why, checks);
  const state = 'waiting-for-approval';
  return {
    kind: 'go',
    state,
    step: promotion.step,
    gate,
    why: `${why}; waiting for approval ${gateText[gate]}`,
    checks,
  };
}

function enter(
  { step }: PromotionProgress,
  state: 'shadow' | 'canary' | 'promoted',
  why: string,
  checks: PromotionCheck[],
): Decision {
  return { kind: 'go', state, step: state === 'canary' ? step + 1 : step, gate: null, why, checks };
}

/** Rolled back if it has had traffic, else rejected. */
function rejectOrRollBack({ step }: PromotionProgress, why: string, checks: PromotionCheck[]): Decision {
  const state: PromotionState = step >= 0 ? 'rolled-back' : 'rejected';
  return { kind: 'go', state, step, gate: null, why, checks };
}

const fails = (checks: readonly PromotionCheck[]) => checks.some(({ verdict }) => verdict === 'fail');

/** A check of a whole step still lacks evidence: it is no pass. */
const waits = (checks: readonly PromotionCheck[]) => !fails(checks) && checks.some(({ verdict }) => verdict === 'wait');

const waiting = (checks: readonly PromotionCheck[]) =>
  `waiting for ${checks
    .filter(({ verdict }) => verdict === 'wait')
    .map(({ name, said }) => `${name}: ${said}`)
    .join('; ')}`;

const failures = (checks: readonly PromotionCheck[]) =>
  checks
    .filter(({ verdict }) => verdict === 'fail')
    .map(({ name, said }) => `${name}: ${said}`)
    .join('; ');

const gateText: Record<PromotionGate, string> = {
  beforeShadow: 'before the shadow',
  beforeCanary: 'before the canary',
  beforePromote: 'before it is promoted',
};
