import type { PhotoIndex } from '../../artifacts/examples/photo-index/open.ts';
import type { DataPhoto, PhotosQuery } from '../../contracts/api/data.ts';
import type { StoredArtifact } from '../../contracts/artifact.ts';
import { type Split, splits } from '../../contracts/artifacts/example.ts';
import { MitateError } from '../../errors/index.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { findDataSet } from '../datasets/find-data-set.ts';
import { type Marks, marksOf } from './marks.ts';
import { openPhotoIndex } from './open-index.ts';

export type DataStore = Pick<
  OpenStore,
  'listArtifacts' | 'executionArtifacts' | 'corrections' | 'project' | 'workspace'
>;

/** A data set with its index and what is known of its photos. */
export interface OpenData {
  artifact: StoredArtifact;
  index: PhotoIndex;
  marks: Marks;
}

/** @throws DATA_NOT_FOUND, EXAMPLES_CORRUPT, FILE_UNREADABLE, ARTIFACT_FILE_INVALID, PHOTOS_PROCESS_DIED, SERVER_BUSY */
export async function openData(store: DataStore, reference: string): Promise<OpenData> {
  return await openArtifact(store, await findDataSet(store, 'Examples', reference));
}

export async function openArtifact(store: DataStore, artifact: StoredArtifact): Promise<OpenData> {
  const index = await openPhotoIndex(store, artifact);
  return { artifact, index, marks: await marksOf(store, artifact, index) };
}

export interface PhotoPage {
  items: DataPhoto[];
  /** Position of the last one; null = there are no more. */
  last: number | null;
  total: number;
}

/** Photos that pass all filters, after a position. @throws as `openData` */
export async function listPhotos(
  store: DataStore,
  reference: string,
  query: Pick<PhotosQuery, 'limit' | 'label' | 'split' | 'mark' | 'group' | 'at'> & { after: number },
): Promise<PhotoPage> {
  const data = await openData(store, reference);
  if (query.at !== undefined) {
    const inside = query.at.filter((at) => at < data.index.count);
    return { items: await describePhotos(data, inside), last: null, total: inside.length };
  }
  const passes = filterOf(data, query);
  const page: number[] = [];
  let [total, more] = [0, false];
  for (let at = 0; at < data.index.count; at++) {
    if (!passes(at)) continue;
    total++;
    if (at <= query.after) continue;
    if (page.length < query.limit) page.push(at);
    else more = true;
  }
  return { items: await describePhotos(data, page), last: more ? page.at(-1)! : null, total };
}

function filterOf(
  { index, marks }: OpenData,
  { label, split, mark, group }: Pick<PhotosQuery, 'label' | 'split' | 'mark' | 'group'>,
): (at: number) => boolean {
  const labelNumber = label === undefined ? null : index.labels.indexOf(label);
  const [from, to] = rangeOf(index, split);
  const isMarked = marked(index, marks, mark);
  return (at) =>
    at >= from &&
    at < to &&
    (labelNumber === null || index.label[at] === labelNumber) &&
    (group === undefined || index.group[at] === group) &&
    isMarked(at);
}

function rangeOf({ starts, count }: PhotoIndex, split: Split | undefined): readonly [number, number] {
  if (split === undefined) return [0, count];
  const i = splits.indexOf(split);
  return [starts[i]!, starts[i + 1]!];
}

function marked(index: PhotoIndex, marks: Marks, mark: PhotosQuery['mark']): (at: number) => boolean {
  const kind = (at: number) => marks.corrections.get(at)?.kind;
  if (mark === undefined) return () => true;
  if (mark === 'grouped') return (at) => index.group[at]! > 0;
  if (mark === 'suspicious') return (at) => marks.suspicious.has(at);
  if (mark === 'mistake') return (at) => marks.mistakes.has(at);
  if (mark === 'corrected') return (at) => kind(at) === 'label';
  if (mark === 'excluded') return (at) => kind(at) === 'exclude';
  return (at) => marks.corrections.has(at);
}

/** The photos at these positions, in their order. @throws EXAMPLES_CORRUPT */
export async function describePhotos({ index, marks }: OpenData, positions: readonly number[]): Promise<DataPhoto[]> {
  const lines = await index.read(positions);
  return lines.map(({ properties, phash: _p, border: _b, version: _v, group: _g, ...line }, i) => {
    const at = positions[i]!;
    const suspect = marks.suspicious.get(at);
    const mistake = marks.mistakes.get(at);
    const correction = marks.corrections.get(at);
    return {
      ...line,
      at,
      group: index.group[at]!,
      width: properties.width,
      height: properties.height,
      suspicious: suspect
        ? { suggested: suspect.suggested, margin: suspect.margin, confidence: suspect.confidence }
        : null,
      mistake: mistake ? { answer: mistake.answer, probability: mistake.probability } : null,
      correction: correction
        ? { id: correction.id, kind: correction.kind, label: correction.label, who: correction.who, at: correction.at }
        : null,
    };
  });
}

/** Suspicious labels, most suspicious first, after a position. @throws SUSPICIOUS_NOT_SEARCHED, and as `openData` */
export async function listSuspicious(
  store: DataStore,
  reference: string,
  { split, decided, after, limit }: { split?: Split; decided?: boolean; after: number | null; limit: number },
): Promise<PhotoPage & { evaluation: string; examined: number }> {
  const data = await openData(store, reference);
  const { evaluation, examined, suspicious, corrections } = data.marks;
  if (evaluation === null || examined === null) throw new MitateError('SUSPICIOUS_NOT_SEARCHED', { reference });
  // the place of the cursor stays in the list when it was decided meanwhile
  const ofSplit = [...suspicious.keys()].filter((at) => split === undefined || data.index.splitOf(at) === split);
  const isWanted = (at: number) => decided === undefined || corrections.has(at) === decided;
  const wanted = ofSplit.slice(after === null ? 0 : ofSplit.indexOf(after) + 1).filter(isWanted);
  const page = wanted.slice(0, limit);
  return {
    ...{ evaluation, examined, total: ofSplit.filter(isWanted).length },
    items: await describePhotos(data, page),
    last: wanted.length > limit ? page.at(-1)! : null,
  };
}
