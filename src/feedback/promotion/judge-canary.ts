import { percent } from '../../codecs/percent.ts';
import type { ArmCounts, PromotionCheck, PromotionCheckId, PromotionPolicy } from '../../contracts/loop/promotion.ts';
import { meanEValue } from '../../math/stats/mean-e-value.ts';
import { shareEValue } from '../../math/stats/share-e-value.ts';
import { shareSequence } from '../../math/stats/share-sequence.ts';
import { check } from './check.ts';
import { confidenceTolerance } from './confidence-tolerance.ts';
import type { CanaryFacts } from './decision.ts';
import { judgeCanaryBehaviour } from './judge-behaviour.ts';

/** Without that of behaviour. */
const checks = 5;

/**
 * Compares the canary with the champion over the same time. A hash of the request's key routes it, so the canary's share of failures, slow and
 * wrong answers equals its share of traffic unless it is worse. The checks are anytime-valid; together they reject an equally good candidate
 * with probability at most alpha.
 */
export function judgeCanary(
  facts: CanaryFacts,
  {
    wanted,
    alpha,
    maxDisagreement,
    overrule,
    behaviour,
  }: Pick<PromotionPolicy, 'behaviour'> & { wanted: number; alpha: number; maxDisagreement: number; overrule: boolean },
): PromotionCheck[] {
  const { champion, candidate } = facts;
  const each = alpha / (checks + Number(Boolean(behaviour)));
  const share = shareOfTraffic(facts);
  const isWhole = candidate.requests >= wanted;
  const events = (id: PromotionCheckId, what: string, of: (arm: ArmCounts) => [number, number]) => {
    const [[bad, all], [otherBad, otherAll]] = [of(candidate), of(champion)];
    const evidence = shareEValue(bad, bad + otherBad, share);
    return check(id, {
      seen: Math.min(all, otherAll),
      verdict: verdict(evidence, each, isWhole),
      said: `${bad} of ${all} ${what}, ${otherBad} of the champion's ${otherAll}`,
      numbers: { candidate: bad, champion: otherBad, share, evidence, limit: 1 / each },
    });
  };
  return [
    events('errors', 'requests failed', ({ failed, requests }) => [failed, requests]),
    events('latency', `answers took over ${Math.round(facts.slowMs)} ms`, ({ slow, requests }) => [slow, requests]),
    events('measured-accuracy', 'labelled answers were wrong', ({ wrong, labelled }) => [wrong, labelled]),
    answersCheck(facts, { each, isWhole, maxDisagreement }),
    confidenceCheck(facts, { each, isWhole, share, overrule }),
    ...judgeCanaryBehaviour(facts, behaviour, { alpha: each, isWhole, share }),
  ];
}

const verdict = (evidence: number, alpha: number, isWhole: boolean): PromotionCheck['verdict'] =>
  evidence >= 1 / alpha ? 'fail' : isWhole ? 'pass' : 'wait';

/** Requests that name a version come on top of its share; the larger of both never harms the candidate. */
function shareOfTraffic({ champion, candidate, share }: CanaryFacts): number {
  const all = champion.requests + candidate.requests;
  const seen = all === 0 ? 0 : candidate.requests / all;
  return Math.min(0.99, Math.max(share, seen));
}

/**
 * Both see different photos, so disagreement itself is unknown; but no label's share can differ by more than the disagreement. Fails when one
 * label certainly differs by more than replay and shadow accepted.
 */
function answersCheck(
  { champion, candidate, knownDisagreement }: CanaryFacts,
  { each, isWhole, maxDisagreement }: { each: number; isWhole: boolean; maxDisagreement: number },
): PromotionCheck {
  const allowed = Math.max(maxDisagreement, knownDisagreement ?? 0);
  const labels = [...new Set([...Object.keys(champion.labels), ...Object.keys(candidate.labels)])].sort();
  const alpha = each / Math.max(1, labels.length) / 2;
  let widest = { label: '', from: 0, to: 0, atLeast: 0 };
  for (const label of labels) {
    const shareOf = ({ labels: counts, answered }: ArmCounts) => {
      const count = counts[label] ?? 0;
      return { share: answered === 0 ? 0 : count / answered, ...shareSequence(count, answered, alpha) };
    };
    const [now, then] = [shareOf(candidate), shareOf(champion)];
    const atLeast = Math.max(now.low - then.high, then.low - now.high);
    if (atLeast > widest.atLeast || widest.label === '')
      widest = { label, from: then.share, to: now.share, atLeast: Math.max(0, atLeast) };
  }
  return check('disagreement', {
    seen: Math.min(candidate.answered, champion.answered),
    verdict: widest.atLeast > allowed ? 'fail' : isWhole ? 'pass' : 'wait',
    said:
      widest.label === ''
        ? 'no answers yet'
        : `"${widest.label}" is ${percent(widest.to)} of the candidate's answers, ${percent(widest.from)} of the champion's; allowed difference ${percent(allowed)}`,
    numbers: { atLeast: widest.atLeast, limit: allowed, champion: widest.from, candidate: widest.to },
  });
}

/** Estimated accuracy is the mean confidence. A model that labels showed to be better may be less confident. */
function confidenceCheck(
  { champion, candidate, wasBetter }: CanaryFacts,
  { each, isWhole, share, overrule }: { each: number; isWhole: boolean; share: number; overrule: boolean },
): PromotionCheck {
  const tolerance = confidenceTolerance;
  const evidence = meanEValue(candidate.unsure, champion.unsure, { share, tolerance });
  const [now, then] = [estimated(candidate.unsure), estimated(champion.unsure)];
  const judged = verdict(evidence, each, isWhole);
  const isOverruled = judged === 'fail' && wasBetter && overrule;
  const found =
    now === null || then === null
      ? 'no answers yet'
      : `candidate ${percent(now)}, champion ${percent(then)}, from mean confidence`;
  return check('estimated-accuracy', {
    seen: now === null || then === null ? 0 : candidate.answered,
    verdict: isOverruled ? (isWhole ? 'pass' : 'wait') : judged,
    said: isOverruled ? `${found}; labels showed that the candidate is better` : found,
    numbers: { candidate: now, champion: then, tolerance, evidence, limit: 1 / each },
  });
}

function estimated(unsure: readonly number[]): number | null {
  const photos = unsure.reduce((sum, count) => sum + count, 0);
  if (photos === 0) return null;
  return 1 - unsure.reduce((sum, count, i) => sum + (count * (i + 0.5)) / unsure.length, 0) / photos;
}
