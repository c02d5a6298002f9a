import { chanceOf, fitLogistic } from '../classify/logistic-regression.ts';

/** Answers to photos of one window, or to photos that were changed in one way. */
export interface AnsweredPhotos {
  /** Probability of each answer, 0..1, [n]. */
  confidences: ArrayLike<number>;
  /** Class of each answer, [n]. */
  answers: ArrayLike<number>;
  /** 1 = far from the training photos, [n]. */
  strange: ArrayLike<number>;
}

export interface ChangedPhotos extends AnsweredPhotos {
  /** How the photos were changed, of whatever strength; null = not. */
  kind: string | null;
  /** 1 = the answer was right, [n]. */
  right: ArrayLike<number>;
}

export interface ShiftEstimate {
  /** 0..1. */
  value: number;
  /** Standard deviation of the estimates' errors between kinds of change, 0..1. */
  spread: number;
}

/** Weights from which data moves: confidence is right, and an answer that is given too often is right as often as its label comes. */
const prior = [0, 1, 0, 1];
const ridge = 1;
/** Answers from the usual shares that are added to a window's, against shares of 0 in a small window. */
const added = 5;
/** Kinds of change may differ more than those that were tried. */
const leastSpread = 0.03;
const leastKinds = 5;
const leastPhotos = 15;

/**
 * Learns from photos that were changed on purpose how often answers are right when photos are not as in training, where confidence is no
 * measure: blurred leaves had 99.8 % confidence and 81 % accuracy. A logistic regression on confidence, which counts less the more photos of the
 * window are strange, their share, and how much more often than usual each answer is given. Changed label shares look alike: among strange
 * photos the estimate takes the labels to be as frequent as in training.
 * The spread is that of the errors on whole kinds of change, each estimated from the others. With half of each kind to learn from and the other half to
 * measure on, intervals were 16 points wide instead of 26, and half of them held.
 * @param changed photos of one kind each
 * @param usual share of each label, sum 1, [K]
 * @returns null with fewer than 5 kinds of 15 photos
 */
export function fitAccuracyUnderShift(
  changed: readonly ChangedPhotos[],
  usual: ArrayLike<number>,
): ((window: AnsweredPhotos) => ShiftEstimate) | null {
  const groups = changed
    .filter(({ right }) => right.length >= leastPhotos)
    .map((photos) => ({ ...photos, rows: rowsOf(photos, usual) }));
  const shifted = groups.filter(({ kind }) => kind !== null);
  if (new Set(shifted.map(({ kind }) => kind)).size < leastKinds) return null;
  const learn = (from: typeof groups) => {
    const hits = from.flatMap(({ right }) => Array.from(right));
    return fitLogistic(
      from.flatMap(({ rows }) => rows),
      hits,
      { prior, ridge },
    );
  };
  let squares = 0;
  for (const left of shifted) {
    const estimate = meanChance(learn(groups.filter((each) => each.kind !== left.kind)), left.rows);
    const accuracy = Array.from(left.right).reduce((sum, hit) => sum + hit, 0) / left.right.length;
    squares += (estimate - accuracy) ** 2 - (estimate * (1 - estimate)) / left.right.length;
  }
  const spread = Math.sqrt(Math.max(leastSpread ** 2, squares / shifted.length));
  const weights = learn(groups);
  return (window) => ({ value: meanChance(weights, rowsOf(window, usual)), spread });
}

const meanChance = (weights: Float64Array, rows: readonly number[][]) =>
  rows.reduce((sum, row) => sum + chanceOf(weights, row), 0) / rows.length;

/** Per photo: 1, log-odds of the confidence less as photos are strange, share of strange photos, and of it what the answer is too frequent. */
function rowsOf({ confidences, answers, strange }: AnsweredPhotos, usual: ArrayLike<number>): number[][] {
  const n = answers.length;
  const counts = Float64Array.from(usual, (share) => added * share);
  for (let i = 0; i < n; i++) counts[answers[i]!]!++;
  const far = Array.from(strange).reduce((sum, is) => sum + is, 0) / n;
  return Array.from({ length: n }, (_, i) => {
    const answer = answers[i]!;
    const tooFrequent = Math.log(Math.min(1, (usual[answer]! * (n + added)) / counts[answer]!));
    return [1, (1 - far) * logOdds(confidences[i]!), far, far * tooFrequent];
  });
}

function logOdds(p: number): number {
  const inside = Math.min(0.9999, Math.max(0.0001, p));
  return Math.log(inside / (1 - inside));
}
