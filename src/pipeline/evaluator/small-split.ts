import type { Evaluation } from '../../contracts/artifacts/evaluation.ts';

/** Width of the 95 % interval of accuracy above which a test split is reported as small: 40 photos when all are right, 140 at 90 %. */
const wide = 0.1;

/** Null = the test split is large enough. */
export function smallSplit({ examples, metrics }: Pick<Evaluation, 'examples' | 'metrics'>): string | null {
  const { value, low, high } = metrics.accuracy;
  if (value === null || low === null || high === null) return `${examples} photos`;
  if (high - low <= wide) return null;
  return `${examples} photos, accuracy ${value.toFixed(4)}, 95 % interval ${low.toFixed(4)} to ${high.toFixed(4)}`;
}
