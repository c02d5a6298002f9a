import type { ArmCounts, PromotionCheck, PromotionCheckId } from '../../contracts/loop/promotion.ts';
import { meanEValue } from '../../math/stats/mean-e-value.ts';
import { shareEValue } from '../../math/stats/share-e-value.ts';
import { shareSequence } from '../../math/stats/share-sequence.ts';
import { check, percent } from './check.ts';
import { confidenceTolerance } from './confidence-tolerance.ts';
import type { CanaryFacts } from './decision.ts';

const checks = 5;

/**
 * The canary's answers against those that the champion gave meanwhile. A request goes to the canary by the hash of its key, so of the failures,
 * slow answers and wrong answers the canary has its share of the traffic, whatever the hour and whatever the photos, unless it is worse. Each
 * check may be looked at at any time; together they turn back a candidate that is as good with a chance of at most alpha.
 */
export function judgeCanary(
  facts: CanaryFacts,
  {
    wanted,
    alpha,
    maxDisagreement,
    overrule,
  }: { wanted: number; alpha: number; maxDisagreement: number; overrule: boolean },
): PromotionCheck[] {
  const { champion, candidate } = facts;
  const each = alpha / checks;
  const share = shareOfTraffic(facts);
  const isWhole = candidate.requests >= wanted;
  const events = (id: PromotionCheckId, what: string, of: (arm: ArmCounts) => [number, number]) => {
    const [[bad, all], [otherBad, otherAll]] = [of(candidate), of(champion)];
    const evidence = shareEValue(bad, bad + otherBad, share);
    return check(id, {
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
  ];
}

const verdict = (evidence: number, alpha: number, isWhole: boolean): PromotionCheck['verdict'] =>
  evidence >= 1 / alpha ? 'fail' : isWhole ? 'pass' : 'wait';

/** Requests that name a version come on top of its share: the larger of the two is held against the candidate, which is never to its harm. */
function shareOfTraffic({ champion, candidate, share }: CanaryFacts): number {
  const all = champion.requests + candidate.requests;
  const seen = all === 0 ? 0 : candidate.requests / all;
  return Math.min(0.99, Math.max(share, seen));
}

/**
 * The two see different photos, so how often they disagree is not seen; but no answer's share can differ by more than they disagree. It fails when
 * one does for certain by more than replay and shadow let pass.
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
    const [now, then] = [candidate, champion].map(({ labels: counts, answered }) => {
      const count = counts[label] ?? 0;
      return { share: answered === 0 ? 0 : count / answered, ...shareSequence(count, answered, alpha) };
    });
    const atLeast = Math.max(now!.low - then!.high, then!.low - now!.high);
    if (atLeast > widest.atLeast || widest.label === '')
      widest = { label, from: then!.share, to: now!.share, atLeast: Math.max(0, atLeast) };
  }
  return check('disagreement', {
    verdict: widest.atLeast > allowed ? 'fail' : isWhole ? 'pass' : 'wait',
    said:
      widest.label === ''
        ? 'no answers yet'
        : `"${widest.label}" is ${percent(widest.to)} of its answers, ${percent(widest.from)} of the champion's; ${percent(allowed)} apart is allowed`,
    numbers: { atLeast: widest.atLeast, limit: allowed, champion: widest.from, candidate: widest.to },
  });
}

/** Estimated accuracy is the average confidence. A model that labels showed to be better may be less sure of itself. */
function confidenceCheck(
  { champion, candidate, wasBetter }: CanaryFacts,
  { each, isWhole, share, overrule }: { each: number; isWhole: boolean; share: number; overrule: boolean },
): PromotionCheck {
  const tolerance = confidenceTolerance;
  const evidence = meanEValue(candidate.unsure, champion.unsure, { share, tolerance });
  const [now, then] = [candidate, champion].map(({ unsure }) => estimated(unsure));
  const found = verdict(evidence, each, isWhole);
  const isOverruled = found === 'fail' && wasBetter && overrule;
  const said =
    now === null || then === null
      ? 'no answers yet'
      : `${percent(now!)} by its confidence, the champion ${percent(then!)}`;
  return check('estimated-accuracy', {
    verdict: isOverruled ? (isWhole ? 'pass' : 'wait') : found,
    said: isOverruled ? `${said}; labels showed that the candidate is better` : said,
    numbers: { candidate: now!, champion: then!, tolerance, evidence, limit: 1 / each },
  });
}

function estimated(unsure: readonly number[]): number | null {
  const photos = unsure.reduce((sum, count) => sum + count, 0);
  if (photos === 0) return null;
  return 1 - unsure.reduce((sum, count, i) => sum + (count * (i + 0.5)) / unsure.length, 0) / photos;
}
