import type { PairedDifference } from '../../contracts/api/run-comparison.ts';
import { groupIndexes } from '../../math/stats/group-indexes.ts';
import { type CompareOptions, commonAnswers, type EvaluatedModel } from './answers-of-models.ts';
import { compare } from './measure.ts';
import { taskMetrics } from './metric-sets.ts';

const resamples = 1000;
const seed = 20;

/** Difference of two models' metrics, other - reference, on `commonAnswers`: paired by photo, with bootstrap intervals over groups. */
export async function compareModels(
  reference: EvaluatedModel,
  other: EvaluatedModel,
  options: CompareOptions,
): Promise<Omit<PairedDifference, 'run'>> {
  const common = await commonAnswers(reference, other, options);
  if (common.why !== null) return { ...none(common.why), leftOut: common.leftOut };
  const { examples, leftOut } = common;
  const groups = groupIndexes(examples.map(({ group }) => group));
  const [after, before] = [taskMetrics(common.other), taskMetrics(common.reference)];
  const { difference } = compare(after, before, { seed, resamples, groups });
  return { photos: examples.length, leftOut, difference, why: null };
}

/** A difference that cannot be had. */
export const none = (why: NonNullable<PairedDifference['why']>): Omit<PairedDifference, 'run'> => ({
  photos: 0,
  leftOut: { inOneOnly: 0, relabelled: 0, unknownLabel: 0 },
  difference: null,
  why,
});
