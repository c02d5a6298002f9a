import { Random } from './random.ts';

/**
 * Fold of each example, 0..folds - 1: a group is never split, and each label's groups are dealt out evenly.
 * @param labels of each example; a group goes by the label of its first example
 */
export function groupedFolds(
  labels: readonly string[],
  groups: readonly string[],
  folds: number,
  seed: number | string,
): Int32Array {
  const labelOf = new Map<string, string>();
  for (const [i, group] of groups.entries()) if (!labelOf.has(group)) labelOf.set(group, labels[i]!);
  const shuffled = new Random(seed).shuffle([...labelOf.keys()]);
  const dealt = new Map<string, number>();
  const foldOf = new Map<string, number>();
  for (const group of shuffled) {
    const label = labelOf.get(group)!;
    const next = dealt.get(label) ?? 0;
    foldOf.set(group, next % folds);
    dealt.set(label, next + 1);
  }
  return Int32Array.from(groups, (group) => foldOf.get(group)!);
}
