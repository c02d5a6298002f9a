import { balanceChange, photoChanges, propertyChanges } from '../../artifacts/examples/diff-examples.ts';
import { readIndex, readSummary } from '../../artifacts/examples/read-examples.ts';
import type { DataDiff } from '../../contracts/api/data-diff.ts';
import type { StoredArtifact } from '../../contracts/artifact.ts';
import type { Example } from '../../contracts/artifacts/example.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { similarHashes } from '../../vision/similar-hashes.ts';
import { findDataSet } from './find-data-set.ts';

export interface DiffRequest {
  /** Data sets, as `findDataSet` finds them. */
  from: string;
  to: string;
  /** At most so many photos per list. */
  limit: number;
}

/** What changed from one data set, or span of it, to another. @throws DATA_NOT_FOUND */
export async function diffData(
  store: Pick<OpenStore, 'listArtifacts'>,
  { limit, ...references }: DiffRequest,
): Promise<DataDiff> {
  const artifacts = [
    await findDataSet(store, 'Examples', references.from),
    await findDataSet(store, 'Examples', references.to),
  ] as const;
  const [from, to] = [await readIndex(artifacts[0].uri), await readIndex(artifacts[1].uri)];
  const { unchanged, added, removed, relabelled, moved } = photoChanges(from, to);
  const cut = <T>(rows: readonly T[]) => ({ count: rows.length, first: rows.slice(0, limit) });
  return {
    from: await sideOf(artifacts[0], from),
    to: await sideOf(artifacts[1], to),
    unchanged,
    added: cut(added.map(photoOf)),
    removed: cut(removed.map(photoOf)),
    relabelled: cut(relabelled),
    moved: cut(moved),
    nearDuplicates: cut(nearDuplicates(from, added)),
    ...balanceChange(from, to),
    properties: propertyChanges(from, to),
  };
}

async function sideOf(
  { id, pipeline, uri }: StoredArtifact,
  { length }: readonly Example[],
): Promise<DataDiff['from']> {
  const { span, version } = await readSummary(uri);
  return { id, pipeline, span, version, photos: length };
}

const photoOf = ({ sha256, filename, label, split }: Example) => ({ sha256, filename, label, split });

/** Of each added photo the most similar one of before. */
function nearDuplicates(from: readonly Example[], added: readonly Example[]): DataDiff['nearDuplicates']['first'] {
  const all = [...added, ...from];
  const nearest = new Map<number, { like: Example; distance: number }>();
  // a < b: an added photo is `a`, and its pairs come nearest first
  for (const { a, b, distance } of similarHashes(all.map(({ phash }) => phash)))
    if (a < added.length && b >= added.length && !nearest.has(a)) nearest.set(a, { like: all[b]!, distance });
  return [...nearest].map(([a, { like, distance }]) => ({ ...photoOf(all[a]!), like: photoOf(like), distance }));
}
