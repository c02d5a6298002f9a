import type { Evaluation } from '../../contracts/artifacts/evaluation.ts';

/** How wrong the measurements may be because labels of the test split are. Null = no suspicious label is in it. */
export function suspectsInTest({
  examples,
  suspiciousLabels,
}: Pick<Evaluation, 'examples' | 'suspiciousLabels'>): string | null {
  const count = suspiciousLabels?.found.filter(({ split }) => split === 'test').length ?? 0;
  if (count === 0) return null;
  return `${count} of ${examples} labels; if they are wrong, the accuracy is off by up to ${((100 * count) / examples).toFixed(1)} points`;
}
