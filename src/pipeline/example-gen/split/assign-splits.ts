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
  /** Given by the source. */
  split?: Split;
}

/** Test before eval before train: a photo that was ever in the test split is not trained on. */
export const precedence: readonly Split[] = ['test', 'eval', 'train'];

function collectGroups(members: readonly Member[], previous: PreviousSplits, salt: string): Group[] {
  const groups = new Map<string, Group>();
  const known = new Map<string, Set<Split>>();
  for (const { sha256, label, group: id, split } of members) {
    const group = groups.get(id) ?? {
      id,
      members: [],
      labels: new Map<string, number>(),
      place: splitHash(id, salt),
      given: [],
      known: null,
    };
    groups.set(id, group);
    group.members.push(sha256);
    if (split !== undefined && !group.given.includes(split)) group.given.push(split);
    group.labels.set(label, (group.labels.get(label) ?? 0) + 1);
    const before = previous.examples.get(sha256)?.split ?? previous.groups.get(id);
    if (before !== undefined) known.set(id, (known.get(id) ?? new Set()).add(before));
  }
  const inOrder = (found: Set<Split> | undefined) => (found ? splits.filter((split) => found.has(split)) : null);
  const sorted = [...groups.values()].sort((a, b) => byCodeUnit(a.id, b.id));
  return sorted.map((group) => ({ ...group, known: inOrder(known.get(group.id)) }));
}

/** The first of these splits that is wanted; null without one. */
function firstOf(found: readonly Split[] | null, intervals: Intervals): Split | null {
  return precedence.find((split) => found?.includes(split) && intervals.has(split)) ?? null;
}

/**
 * A split for each group: the one given by the source, else its previous one, else by hash of its name; then groups are moved until each label has one
 * in each split. Apart from these moves, a group's split does not depend on other photos. Splits that the source does not give are taken from train.
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
  const given = new Set(groups.flatMap((group) => group.given));
  const free = intervalsOf({ ...ratios, ...(given.has('eval') && { eval: 0 }), ...(given.has('test') && { test: 0 }) });
  const choose = (group: Group): Split => {
    const fixed = firstOf(group.given, intervals);
    if (fixed !== null && fixed !== 'train') return fixed;
    return firstOf(group.known, free) ?? splitAt(group.place, free);
  };
  const chosen = new Map(groups.map((group) => [group.id, choose(group)]));
  fillSplits(groups, chosen, intervals);
  const splitting: Splitting = { chosen, mergedGroups: [], movedGroups: [] };
  for (const { id, given, known, members } of groups) {
    const to = chosen.get(id)!;
    const row = { group: id, to, examples: members.length };
    const before = given.length > 1 ? splits.filter((split) => given.includes(split)) : known;
    const [from, ...others] = before ?? [];
    if (before && others.length > 0) splitting.mergedGroups.push({ ...row, from: before });
    else if (from !== undefined && from !== to) splitting.movedGroups.push({ ...row, from });
  }
  return splitting;
}
