import { percent } from '../../codecs/percent.ts';
import type { PhotoBehaviour } from '../../contracts/loop/behaviour.ts';
import type { AnswerPair, BehaviourPolicy, PromotionCheck, SessionCounts } from '../../contracts/loop/promotion.ts';
import { meanEValue } from '../../math/stats/mean-e-value.ts';
import { pairedMeanEValue } from '../../math/stats/paired-mean-e-value.ts';
import { meanSequence, sessionRatio, sessionShare } from '../../math/stats/session-ratio.ts';
import { check } from './check.ts';
import type { CanaryFacts, ShadowFacts } from './decision.ts';

interface Limits {
  alpha: number;
  /** The step has its requests. */
  isWhole: boolean;
}

/**
 * Whether users of the canary accept fewer answers, or bring less, than the champion's over the same time. A session is one observation: its
 * photos are correlated. Empty when the policy does not ask.
 */
export function judgeCanaryBehaviour(
  { behaviour }: Pick<CanaryFacts, 'behaviour'>,
  policy: BehaviourPolicy | null | undefined,
  limits: Limits & { share: number },
): PromotionCheck[] {
  if (!policy || !behaviour) return [];
  return [policy.by === 'value' ? value(behaviour, policy, limits) : acceptance(behaviour, policy, limits)];
}

type Arms = NonNullable<CanaryFacts['behaviour']>;
type By<K extends BehaviourPolicy['by']> = Extract<BehaviourPolicy, { by: K }>;

function acceptance(
  { champion, candidate }: Arms,
  { maxDrop, sessions: wanted }: By<'acceptance'>,
  { alpha, isWhole, share }: Limits & { share: number },
): PromotionCheck {
  const evidence = meanEValue(candidate.unaccepted, champion.unaccepted, { share, tolerance: maxDrop });
  const [now, then] = [candidate, champion].map(({ accepted }) => ({
    ...sessionShare(accepted),
    sessions: accepted.sessions,
  }));
  const seen = Math.min(now!.sessions, then!.sessions);
  const rangeOf = ({ value, low, high, sessions }: NonNullable<typeof now>) =>
    sessions === 0 ? 'none' : `${percent(value)} (${percent(low)} to ${percent(high)}) in ${sessions} sessions`;
  return check('acceptance', {
    seen,
    verdict: evidence >= 1 / alpha ? 'fail' : isWhole && seen >= wanted ? 'pass' : 'wait',
    said: `candidate ${rangeOf(now!)}, champion ${rangeOf(then!)}; ${wanted} sessions of each are needed`,
    numbers: {
      ...numbersOf('candidate', now!),
      ...numbersOf('champion', then!),
      tolerance: maxDrop,
      evidence,
      limit: 1 / alpha,
    },
  });
}

const finite = (number: number) => (Number.isFinite(number) ? number : null);

function numbersOf(
  arm: string,
  { value, low, high, sessions }: { value: number; low: number; high: number; sessions: number },
) {
  return {
    [arm]: finite(value),
    [`${arm}Low`]: finite(low),
    [`${arm}High`]: finite(high),
    [`${arm}Sessions`]: sessions,
  };
}

/** By sequences of the two means, which hold at every look. */
function value(
  { champion, candidate }: Arms,
  { currency, maxDrop, sessions: wanted }: By<'value'>,
  { alpha, isWhole }: Limits,
): PromotionCheck {
  const spread = Math.max(...[champion, candidate].map(varianceOf));
  const [now, then] = [candidate, champion].map(({ value: sums }) => {
    const { value: mean } = sessionRatio(sums);
    // sessions without a sale show no variance yet: the larger of both arms'
    const half = meanSequence(sums.sessions, spread, alpha / 2);
    return { value: mean, low: mean - half, high: mean + half, sessions: sums.sessions };
  });
  const valued = champion.valued + candidate.valued;
  const isLess = valued >= wanted && now!.high < then!.low - maxDrop * Math.abs(then!.value);
  const rangeOf = ({ value: mean, low, high, sessions }: NonNullable<typeof now>) =>
    sessions === 0 ? 'none' : `${mean.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
  return check('value', {
    seen: valued,
    verdict: isLess ? 'fail' : isWhole && valued >= wanted && now!.sessions > 0 ? 'pass' : 'wait',
    said: `${currency} a request: candidate ${rangeOf(now!)}, champion ${rangeOf(then!)}; ${valued} of ${wanted} sessions with a value`,
    numbers: { ...numbersOf('candidate', now!), ...numbersOf('champion', then!), valued, limit: maxDrop },
  });
}

/** Of one session's part in the mean of a request. */
function varianceOf({ value: sums }: SessionCounts): number {
  return sums.sessions < 2 ? 0 : sessionRatio(sums).variance * sums.sessions;
}

/**
 * What users did with the champion's answers, held against the candidate's: where it differs from an accepted answer it would not have been
 * accepted; where it differs from one that was not, it might have been. So the candidate's acceptance is judged by its best case.
 * Value does not show in a shadow.
 */
export function judgeShadowBehaviour(
  { behaviour }: Pick<ShadowFacts, 'behaviour'>,
  answered: readonly AnswerPair[],
  policy: BehaviourPolicy | null | undefined,
  { alpha, isWhole, isLast }: Limits & { isLast: boolean },
): PromotionCheck[] {
  if (!policy || policy.by === 'value' || !behaviour) return [];
  const found = answered.flatMap((pair) => {
    const said = behaviour.get(pair.id);
    return said?.decision ? [{ said, loss: lossOf(pair, said) }] : [];
  });
  const sessions = [...Map.groupBy(found, ({ said }) => said.session).values()];
  const losses = sessions.map((each) => each.reduce((sum, { loss }) => sum + loss, 0) / each.length);
  const evidence = pairedMeanEValue(losses, policy.maxDrop);
  const lost = found.filter(({ loss }) => loss > 0).length;
  const won = found.filter(({ loss }) => loss < 0).length;
  const isEnough = !isLast || sessions.length >= policy.sessions;
  return [
    check('acceptance', {
      seen: sessions.length,
      verdict: evidence >= 1 / alpha ? 'fail' : isWhole && isEnough ? 'pass' : 'wait',
      said: `of ${found.length} decided photos in ${sessions.length} sessions the candidate differs from ${lost} accepted answers and ${won} others`,
      numbers: {
        lost,
        won,
        decided: found.length,
        sessions: sessions.length,
        tolerance: policy.maxDrop,
        evidence,
        limit: 1 / alpha,
      },
    }),
  ];
}

function lossOf({ champion, candidate }: AnswerPair, { decision }: PhotoBehaviour): number {
  if (champion === candidate) return 0;
  return decision === 'accept' ? 1 : -1;
}
