import type { ExamplesSummary } from '../../../contracts/artifacts/example.ts';
import { MitateError } from '../../../errors/index.ts';
import { nearDuplicateGroups } from '../../../sources/near-duplicates/near-duplicate-groups.ts';
import type { Photo } from '../../../sources/scan/scan.ts';
import { byCodeUnit } from '../../../sources/source-path.ts';
import type { GroupBy } from '../spec.ts';
import type { PreviousSplits } from './previous-splits.ts';

/** `groupBy` as in the summary. */
export function groupedLike(groupBy: GroupBy): Pick<ExamplesSummary, 'groupBy' | 'groupAttribute'> {
  return typeof groupBy === 'string' ? { groupBy } : { groupBy: 'attribute', groupAttribute: groupBy.attribute };
}

/** `group` is the manifest's group column, other names are attributes. A photo without a value is a group of its own. */
function byAttribute(photos: Photo[], attribute: string): string[] {
  const groupOf = (photo: Photo) =>
    photo.attributes[attribute] ?? (attribute === 'group' ? photo.givenGroup : undefined);
  const ids = photos.map((photo) => groupOf(photo) || photo.sha256);
  if (photos.some((photo) => groupOf(photo))) return ids;
  const seen = new Set(photos.flatMap((photo) => Object.keys(photo.attributes)));
  const got = [...seen].sort(byCodeUnit).join(', ') || 'no attributes';
  throw new MitateError('GROUP_ATTRIBUTE_MISSING', { attribute, got });
}

/** A near-duplicate group keeps its name across runs; a new one is named after its first photo. */
function namesOf(photos: Photo[], roots: number[], previous: PreviousSplits): string[] {
  const names = new Map<number, string>();
  for (const [i, { sha256 }] of photos.entries()) {
    const before = previous.examples.get(sha256)?.group;
    const root = roots[i]!;
    if (before === undefined || !previous.groups.has(before)) continue;
    const name = names.get(root);
    if (name === undefined || before < name) names.set(root, before);
  }
  return roots.map((root) => names.get(root) ?? photos[root]!.sha256);
}

/**
 * The group of each photo. @param photos sorted by sha256
 * @throws GROUP_ATTRIBUTE_MISSING when no photo has the attribute
 */
export async function groupIds(
  photos: Photo[],
  groupBy: GroupBy,
  previous: PreviousSplits,
  tools: { cacheDir: string; signal: AbortSignal },
): Promise<string[]> {
  if (groupBy === 'none') return photos.map((photo) => photo.sha256);
  if (typeof groupBy === 'object') return byAttribute(photos, groupBy.attribute);
  return namesOf(photos, await nearDuplicateGroups(photos, tools.cacheDir, tools.signal), previous);
}
