import type { Split } from '../../../contracts/artifacts/example.ts';
import { MitateError } from '../../../errors/index.ts';
import { groupByKey } from '../../../math/stats/group-by-key.ts';
import { byCodeUnit } from '../../../sources/source-path.ts';
import type { Group } from './group.ts';
import { distanceTo, type Interval, type Intervals } from './split-hash.ts';

/** How many groups each label has in each split. */
class Tally {
  readonly #counts = new Map<string, number>();

  add(labels: Iterable<string>, split: Split, change: 1 | -1): void {
    for (const label of labels) this.#counts.set(`${split} ${label}`, this.of(label, split) + change);
  }

  of(label: string, split: Split): number {
    return this.#counts.get(`${split} ${label}`) ?? 0;
  }
}

export interface Move {
  group: Group;
  from: Split;
  to: Split;
}

/**
 * Gives each label at least one group in each split, moving as few groups as possible. Only groups whose labels keep another group in their old split
 * are moved: those that the source does not hold out, new groups before known ones, then the one whose hash is nearest to the interval of the new split.
 * @param chosen group id -> split; changed in place
 * @throws SPLIT_TOO_SMALL
 */
export function fillSplits(groups: readonly Group[], chosen: Map<string, Split>, intervals: Intervals): Move[] {
  const tally = new Tally();
  for (const group of groups) tally.add(group.labels.keys(), chosen.get(group.id)!, 1);
  const moves: Move[] = [];
  for (const [label, members] of groupsByLabel(groups)) {
    for (const [to, interval] of intervals) {
      if (tally.of(label, to) > 0) continue;
      const group = nearestDonor(members, chosen, interval, tally);
      if (!group) throw tooSmall(label, members, to, intervals);
      const from = chosen.get(group.id)!;
      tally.add(group.labels.keys(), from, -1);
      tally.add(group.labels.keys(), to, 1);
      chosen.set(group.id, to);
      moves.push({ group, from, to });
    }
  }
  return moves;
}

function groupsByLabel(groups: readonly Group[]): [string, Group[]][] {
  const pairs = groups.flatMap((group) => [...group.labels.keys()].map((label) => ({ label, group })));
  return [...groupByKey(pairs, ({ label }) => label)].map(([label, found]) => [label, found.map(({ group }) => group)]);
}

function nearestDonor(
  members: Group[],
  chosen: Map<string, Split>,
  interval: Interval,
  tally: Tally,
): Group | undefined {
  const spare = members.filter((group) =>
    [...group.labels.keys()].every((label) => tally.of(label, chosen.get(group.id)!) > 1),
  );
  return spare.sort(
    (a, b) =>
      Number(isHeldOut(a)) - Number(isHeldOut(b)) ||
      Number(a.known !== null) - Number(b.known !== null) ||
      distanceTo(a.place, interval) - distanceTo(b.place, interval) ||
      byCodeUnit(a.id, b.id),
  )[0];
}

/** Given to eval or test by the source. */
const isHeldOut = ({ given }: Group) => given.some((split) => split !== 'train');

function tooSmall(label: string, members: Group[], split: Split, intervals: Intervals): MitateError {
  const photos = members.reduce((sum, group) => sum + (group.labels.get(label) ?? 0), 0);
  const wanted = [...intervals.keys()].join(', ');
  return new MitateError('SPLIT_TOO_SMALL', { label, photos, groups: members.length, wanted, split });
}
