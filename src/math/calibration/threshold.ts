import { descending } from '../metrics/order.ts';

export type ThresholdRule = 'youden' | 'f1' | 'half';

/**
 * The lowest score of a positive answer.
 *
 * `youden`: sensitivity + specificity - 1 (Youden 1950), independent of how rare the positive answer is. Of the cuts within one standard
 * error of the best (Breiman et al. 1984), the one nearest to 0.5, which is right for calibrated scores: on 91 photos the best cut was 0.85
 * and called P(positive) = 0.77 negative. `f1`: highest F1 of the positive answer; `half`: 0.5. A cut between two neighbouring
 * scores is 0.5 if that lies between them, else their midpoint. 0.5 if only one answer occurs among the labels.
 * @param scores P(positive), 0..1
 * @param positives 1 or 0
 * @returns 0..1
 */
export function chooseThreshold(
  scores: ArrayLike<number>,
  positives: ArrayLike<number>,
  rule: ThresholdRule = 'youden',
): number {
  let allPositives = 0;
  for (let i = 0; i < positives.length; i++) allPositives += positives[i] ? 1 : 0;
  const allNegatives = positives.length - allPositives;
  if (rule === 'half' || allPositives === 0 || allNegatives === 0) return 0.5;
  const cuts = everyCut(scores, positives).map(({ at, truePositives, falsePositives }) => ({
    at,
    ...(rule === 'f1'
      ? { worth: (2 * truePositives) / (truePositives + falsePositives + allPositives), error: 0 }
      : youden(truePositives, falsePositives, allPositives, allNegatives)),
  }));
  const best = cuts.reduce((top, cut) => (cut.worth > top.worth ? cut : top));
  const asGood = cuts.filter(({ worth }) => worth >= best.worth - best.error - 1e-12);
  return asGood.reduce((near, cut) => (Math.abs(cut.at - 0.5) < Math.abs(near.at - 0.5) ? cut : near)).at;
}

interface Cut {
  at: number;
  truePositives: number;
  falsePositives: number;
}

/** Below each distinct score, highest first. */
function everyCut(scores: ArrayLike<number>, positives: ArrayLike<number>): Cut[] {
  const order = descending(scores);
  const cuts: Cut[] = [];
  let truePositives = 0;
  for (let place = 0; place < order.length; place++) {
    truePositives += positives[order[place]!] ? 1 : 0;
    const score = scores[order[place]!]!;
    const next = place + 1 < order.length ? scores[order[place + 1]!]! : 0;
    if (next === score) continue;
    const at = next < 0.5 && score >= 0.5 ? 0.5 : (score + next) / 2;
    cuts.push({ at, truePositives, falsePositives: place + 1 - truePositives });
  }
  return cuts;
}

/** With its standard error, from shares smoothed by one success and one failure. */
function youden(truePositives: number, falsePositives: number, positives: number, negatives: number) {
  const sensitivity = (truePositives + 1) / (positives + 2);
  const specificity = (negatives - falsePositives + 1) / (negatives + 2);
  const variance = (share: number, count: number) => (share * (1 - share)) / (count + 2);
  return {
    worth: truePositives / positives - falsePositives / negatives,
    error: Math.sqrt(variance(sensitivity, positives) + variance(specificity, negatives)),
  };
}
