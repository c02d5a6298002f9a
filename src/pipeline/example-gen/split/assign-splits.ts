import { type ExamplesSummary, type Split, splits } from '../../../contracts/artifacts/example.ts';
import { byCodeUnit } from '../../../sources/source-path.ts';
import type { SplitRatios } from '../spec.ts';
import { fillSplits } from './fill-splits.ts';
import type { Group } from './group.ts';
import type { PreviousSplits } from './previous-splits.ts';
import { type Intervals, intervalsOf, splitAt, splitHash } from './split-hash.ts';

export interface Splitting {
  /** Group id -> split. */
  chosen: Map<string, Split>;
  mergedGroups: ExamplesSummary['mergedGroups'];
  movedGroups: ExamplesSummary['movedGroups'];
}

interface Member {
  sha256: string;
  label: string;
  group: string;
}

/** Test before eval before train: a photo that was ever in the test split is not trained on. */
const precedence: readonly Split[] = ['test', 'eval', 'train'];

function collectGroups(members: readonly Member[], previous: PreviousSplits, salt: string): Group[] {
  const groups = new Map<string, Group>();
  const known = new Map<string, Set<Split>>();
  for (const { sha256, label, group: id } of members) {
    const group = groups.get(id) ?? {
      id,
      members: [],
      labels: new Map<string, number>(),
      place: splitHash(id, salt),
      known: null,
    };
    groups.set(id, group);
    group.members.push(sha256);
    group.labels.set(label, (group.labels.get(label) ?? 0) + 1);
    const before = previous.examples.get(sha256)?.split ?? previous.groups.get(id);
    if (before !== undefined) known.set(id, (known.get(id) ?? new Set()).add(before));
  }
  const inOrder = (found: Set<Split> | undefined) => (found ? splits.filter((split) => found.has(split)) : null);
  const sorted = [...groups.values()].sort((a, b) => byCodeUnit(a.id, b.id));
  return sorted.map((group) => ({ ...group, known: inOrder(known.get(group.id)) }));
}

/** The split that a known group keeps; null when the group is new or its split is no longer wanted. */
function keptSplit({ known }: Group, intervals: Intervals): Split | null {
  return precedence.find((split) => known?.includes(split) && intervals.has(split)) ?? null;
}

/**
 * A split for each group: its previous one, else by hash of its name; then groups are moved until each label has one in each split. Apart from these
 * moves, a group's split does not depend on other photos.
 * @throws SPLIT_TOO_SMALL
 */
export function assignSplits(
  members: readonly Member[],
  previous: PreviousSplits,
  ratios: SplitRatios,
  salt: string,
): Splitting {
  const intervals = intervalsOf(ratios);
  const groups = collectGroups(members, previous, salt);
  const chosen = new Map(
    groups.map((group) => [group.id, keptSplit(group, intervals) ?? splitAt(group.place, intervals)]),
  );
  fillSplits(groups, chosen, intervals);
  const splitting: Splitting = { chosen, mergedGroups: [], movedGroups: [] };
  for (const { id, known, members } of groups) {
    const to = chosen.get(id)!;
    const row = { group: id, to, examples: members.length };
    const [from, ...others] = known ?? [];
    if (known && others.length > 0) splitting.mergedGroups.push({ ...row, from: known });
    else if (from !== undefined && from !== to) splitting.movedGroups.push({ ...row, from });
  }
  return splitting;
}
