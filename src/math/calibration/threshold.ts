import { type Costs, costsOf, type ThresholdRule } from '../../contracts/artifacts/operating-point.ts';
import { descending } from '../metrics/order.ts';
import { allowedOutside } from './label-sets.ts';

/**
 * The lowest score of a positive answer.
 *
 * `youden`: sensitivity + specificity - 1 (Youden 1950), independent of how rare the positive answer is. Of the cuts within one standard
 * error of the best (Breiman et al. 1984), the one nearest to 0.5, which is right for calibrated scores: on 91 photos the best cut was 0.85
 * and called P(positive) = 0.77 negative. `f1`: highest F1 of the positive answer; `half`: 0.5. `cost`: lowest mean cost; of the cuts within
 * one standard error of it, the one nearest to falsePositive / (falsePositive + falseNegative), which is right for calibrated scores (Elkan
 * 2001). `sensitivity`: of the cuts that a new positive photo reaches with at least that probability (a conformal quantile of the positive
 * photos' scores), the one with the fewest false alarms; `specificity` likewise. A cut between two neighbouring scores is 0.5 (or Elkan's) if that lies between them, else
 * their midpoint. 0.5 (or Elkan's) if only one answer occurs among the labels.
 * @param scores P(positive), 0..1
 * @param positives 1 or 0
 * @returns 0..1; null when there are too few photos of that answer for the sensitivity or specificity
 */
export function chooseThreshold(
  scores: ArrayLike<number>,
  positives: ArrayLike<number>,
  rule: ThresholdRule = 'youden',
): number | null {
  let allPositives = 0;
  for (let i = 0; i < positives.length; i++) allPositives += positives[i] ? 1 : 0;
  const allNegatives = positives.length - allPositives;
  const all = { allPositives, allNegatives };
  const usual = usualThreshold(rule);
  const every = everyCut(scores, positives, usual);
  const cuts = typeof rule === 'object' ? [...aboveAll(scores, usual), ...every] : every;
  if (typeof rule === 'object' && !('cost' in rule)) return chooseFor(rule, cuts, all);
  if (rule === 'half' || allPositives === 0 || allNegatives === 0) return usual;
  const judged = cuts.map((cut) => ({ at: cut.at, ...worthOf(rule, { ...cut, ...all }) }));
  const best = judged.reduce((top, cut) => (cut.worth > top.worth ? cut : top));
  return nearest(
    judged.filter(({ worth }) => worth >= best.worth - best.error - 1e-12),
    usual,
  );
}

/** Right for calibrated scores. */
export function usualThreshold(rule: ThresholdRule): number {
  const costs = costsOf(rule);
  return costs ? costs.falsePositive / (costs.falsePositive + costs.falseNegative) : 0.5;
}

/** Of the cuts that keep the promise, those with the fewest errors of the other kind, and of these the one nearest to 0.5. */
function chooseFor(
  rule: { sensitivity: number } | { specificity: number },
  cuts: readonly Cut[],
  { allPositives, allNegatives }: Pick<Counts, 'allPositives' | 'allNegatives'>,
): number | null {
  const isOfPositives = 'sensitivity' in rule;
  const photos = isOfPositives ? allPositives : allNegatives;
  const allowed = allowedOutside(photos, 1 - (isOfPositives ? rule.sensitivity : rule.specificity)) - 1;
  const missed = ({ truePositives }: Cut) => allPositives - truePositives;
  const alarms = ({ falsePositives }: Cut) => falsePositives;
  const [promised, other] = isOfPositives ? [missed, alarms] : [alarms, missed];
  const kept = cuts.filter((cut) => promised(cut) <= allowed);
  if (kept.length === 0) return null;
  const fewest = Math.min(...kept.map(other));
  return nearest(
    kept.filter((cut) => other(cut) === fewest),
    0.5,
  );
}

const nearest = (cuts: readonly { at: number }[], usual: number) =>
  cuts.reduce((near, cut) => (Math.abs(cut.at - usual) < Math.abs(near.at - usual) ? cut : near)).at;

interface Counts {
  truePositives: number;
  falsePositives: number;
  allPositives: number;
  allNegatives: number;
}

/** Higher is better, with its standard error. */
function worthOf(rule: 'youden' | 'f1' | { cost: Costs }, counts: Counts): { worth: number; error: number } {
  const { truePositives, falsePositives, allPositives, allNegatives } = counts;
  if (rule === 'youden') return youden(truePositives, falsePositives, allPositives, allNegatives);
  if (rule === 'f1') return { worth: (2 * truePositives) / (truePositives + falsePositives + allPositives), error: 0 };
  const { falseNegative, falsePositive } = rule.cost;
  const missed = allPositives - truePositives;
  const count = allPositives + allNegatives;
  const mean = (missed * falseNegative + falsePositives * falsePositive) / count;
  const square = ((missed + 1) * falseNegative ** 2 + (falsePositives + 1) * falsePositive ** 2) / (count + 2);
  return { worth: -mean, error: Math.sqrt(Math.max(0, square - mean ** 2) / count) };
}

interface Cut {
  at: number;
  truePositives: number;
  falsePositives: number;
}

/** Nothing is positive: possible when no score is 1. */
function aboveAll(scores: ArrayLike<number>, usual: number): Cut[] {
  const highest = Array.from(scores).reduce((most, score) => Math.max(most, score), 0);
  const at = usual > highest ? usual : (1 + highest) / 2;
  return highest < at ? [{ at, truePositives: 0, falsePositives: 0 }] : [];
}

/** Below each distinct score, highest first. */
function everyCut(scores: ArrayLike<number>, positives: ArrayLike<number>, usual: number): Cut[] {
  const order = descending(scores);
  const cuts: Cut[] = [];
  let truePositives = 0;
  for (let place = 0; place < order.length; place++) {
    truePositives += positives[order[place]!] ? 1 : 0;
    const score = scores[order[place]!]!;
    const next = place + 1 < order.length ? scores[order[place + 1]!]! : 0;
    if (next === score) continue;
    const at = next < usual && score >= usual ? usual : (score + next) / 2;
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
