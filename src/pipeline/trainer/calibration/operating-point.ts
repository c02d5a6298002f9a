import type { LabelSets, ThresholdRule } from '../../../contracts/artifacts/operating-point.ts';
import { MitateError } from '../../../errors/index.ts';
import { fewestFor, leastProbability } from '../../../math/calibration/label-sets.ts';
import { questionScores } from '../../../math/calibration/question-scores.ts';
import { chooseThreshold } from '../../../math/calibration/threshold.ts';

/**
 * The threshold of a question by its rule; 0.5 for a multi-class task (`positive` null).
 * @param probabilities [photos, K], 0..1
 * @param targets [photos]
 * @throws TRAINING_PROMISE_PHOTOS_TOO_FEW
 */
export function chosenThreshold(
  rule: ThresholdRule,
  probabilities: Float64Array,
  targets: Int32Array,
  positive: boolean[] | null,
): number {
  if (!positive) return 0.5;
  const positives = targets.map((target) => Number(positive[target]));
  const threshold = chooseThreshold(questionScores(probabilities, positive), positives, rule);
  if (threshold !== null || typeof rule === 'string') return threshold ?? 0.5;
  const [[what, promised]] = Object.entries(rule) as [['sensitivity' | 'specificity', number]];
  const isPromised = (answer: number) => answer === Number(what === 'sensitivity');
  throw tooFew({
    what: `a ${what} of ${promised}`,
    promised,
    photos: positives.filter(isPromised).length,
    kind: what === 'sensitivity' ? 'positive ' : 'negative ',
  });
}

/** @throws TRAINING_PROMISE_PHOTOS_TOO_FEW */
export function chooseLabelSets(coverage: number, probabilities: Float64Array, targets: Int32Array): LabelSets {
  const least = leastProbability(probabilities, targets, coverage);
  if (least !== null) return { coverage, leastProbability: least };
  throw tooFew({ what: `label sets with coverage ${coverage}`, promised: coverage, photos: targets.length, kind: '' });
}

function tooFew({ promised, ...details }: { what: string; promised: number; photos: number; kind: string }) {
  return new MitateError('TRAINING_PROMISE_PHOTOS_TOO_FEW', { ...details, fewest: fewestFor(promised) });
}
