import type { PromotionAnswer } from './data.ts';

export type StepId = 'replay' | 'shadow' | 'canary' | 'promote';
export type StepMark = 'done' | 'now' | 'waiting' | 'ahead' | 'skipped' | 'stopped';

const order = ['replay', 'shadow', 'canary', 'promote'] as const satisfies StepId[];
const stepOfState = { replaying: 'replay', shadow: 'shadow', canary: 'canary', promoted: 'promote' } as const;
const stepOfGate = { beforeShadow: 'shadow', beforeCanary: 'canary', beforePromote: 'promote' } as const;

/** How far a promotion has come. */
export function ladderOf(
  promotion: Pick<PromotionAnswer, 'state' | 'gate' | 'policy' | 'decisions'>,
): { id: StepId; mark: StepMark }[] {
  const { state, gate, policy, decisions } = promotion;
  const skipped: Record<StepId, boolean> = {
    replay: policy.replay.requests === 0,
    shadow: policy.shadow.requests === 0,
    canary: policy.canary.steps.length === 0,
    promote: false,
  };
  const reached = decisions.flatMap((decision) => stepOf(decision.state) ?? []).at(-1) ?? 'replay';
  const current = state === 'waiting-for-approval' && gate ? stepOfGate[gate] : (stepOf(state) ?? reached);
  const isOver = ['rolled-back', 'rejected', 'superseded', 'aborted'].includes(state);
  return order.map((id) => ({ id, mark: markOf(id) }));

  function markOf(id: StepId): StepMark {
    const [at, now] = [order.indexOf(id), order.indexOf(current)];
    if (skipped[id]) return 'skipped';
    if (at < now || state === 'promoted') return 'done';
    if (at > now) return 'ahead';
    if (isOver) return 'stopped';
    return state === 'waiting-for-approval' ? 'waiting' : 'now';
  }
}

const stepOf = (state: string): StepId | null =>
  state in stepOfState ? stepOfState[state as keyof typeof stepOfState] : null;
