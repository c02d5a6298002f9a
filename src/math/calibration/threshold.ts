import { descending } from '../metrics/order.ts';

export type ThresholdRule = 'youden' | 'f1' | 'half';

/**
 * The score from which on an answer is positive.
 *
 * `youden`: highest sensitivity + specificity - 1 (Youden 1950), so neither answer is preferred however rare it is; `f1`: highest F1 of
 * the positive answer; `half`: 0.5. A cut lies in the middle between two neighbouring scores; of several equally good cuts the one
 * nearest to 0.5 is taken, as 0.5 is right for calibrated scores. Without both answers among the labels it is 0.5.
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
  const order = descending(scores);
  let best = { worth: Number.NEGATIVE_INFINITY, cut: 0.5 };
  let truePositives = 0;
  for (let place = 0; place < order.length; place++) {
    truePositives += positives[order[place]] ? 1 : 0;
    const score = scores[order[place]];
    const next = place + 1 < order.length ? scores[order[place + 1]] : 0;
    if (next === score) continue;
    const worth = worthOf(rule, truePositives, place + 1 - truePositives, allPositives, allNegatives);
    const cut = (score + next) / 2;
    const better = worth - best.worth;
    if (better > 1e-12 || (better > -1e-12 && Math.abs(cut - 0.5) < Math.abs(best.cut - 0.5))) best = { worth, cut };
  }
  return best.cut;
}

function worthOf(
  rule: ThresholdRule,
  truePositives: number,
  falsePositives: number,
  positives: number,
  negatives: number,
) {
  if (rule === 'f1') return (2 * truePositives) / (truePositives + falsePositives + positives);
  return truePositives / positives - falsePositives / negatives;
}
