import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readIndex } from '../../artifacts/examples/read-examples.ts';
import { sha256 as sha256Of } from '../../codecs/digest.ts';
import type { Actor } from '../../contracts/actor.ts';
import type { Example } from '../../contracts/artifacts/example.ts';
import { MitateError } from '../../errors/index.ts';
import { type Correction, readCorrections, writeCorrections } from '../../sources/corrections.ts';
import { readLabelRows } from '../../sources/label-rows.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { findDataSet } from './find-data-set.ts';
import { correctionsOf } from './suspicious.ts';

/** A photo, by its name in the data set, the beginning of its sha256, or a file of the same bytes; and its right label. */
export interface Relabelling {
  photo: string;
  label: string;
}

export interface RelabelRequest {
  labels: readonly Relabelling[];
  /** Table with further ones. */
  from?: string | undefined;
  /** Data set; default: the newest. */
  data?: string | undefined;
  /** Corrections file; default: that of the data set, else `corrections.jsonl` in the current folder. */
  to?: string | undefined;
  actor: Actor;
}

export interface Relabelled {
  /** Artifact id of the data set. */
  examples: string;
  file: string;
  /** Whether the run that made the data set reads the file. */
  isRead: boolean;
  /** What changed in the file; `label` equal to `given` = the correction was taken back. */
  changed: (Correction & { label: string })[];
  /** Photos that had this label before. */
  unchanged: number;
}

const fileName = 'corrections.jsonl';

/**
 * Writes corrected labels into the corrections file, which the next run applies; photos and artifacts stay as they are. All or nothing.
 * @throws RELABEL_*, DATA_NOT_FOUND, CORRECTIONS_INVALID, MANIFEST_*
 */
export async function relabel(
  store: Pick<OpenStore, 'listArtifacts' | 'audited'>,
  { labels, from, data, to, actor }: RelabelRequest,
): Promise<Relabelled> {
  const wanted = [...labels, ...(from === undefined ? [] : await readLabelRows(from))];
  if (wanted.length === 0) throw new MitateError('RELABEL_NOTHING_NAMED', {});
  const examples = await findDataSet(store, 'Examples', data);
  const index = await readIndex(examples.uri);
  const labelled = [...new Set(index.map((example) => example.label))].sort();
  const known = correctionsOf(examples.properties);
  const file = resolve(to ?? known ?? fileName);
  const corrections = await readCorrections(file);
  const changed = new Map<string, Relabelled['changed'][number]>();
  for (const { photo, label } of wanted) {
    const example = await findPhoto(index, photo, examples.pipeline);
    if (!labelled.includes(label))
      throw new MitateError('RELABEL_LABEL_UNKNOWN', { label, known: labelled.join(', ') });
    const { sha256, filename } = example;
    const before = corrections.get(sha256);
    if (label === (before?.label ?? example.label)) continue;
    const correction = { sha256, label, given: before?.given ?? example.label, filename };
    changed.set(sha256, correction);
    corrections.set(sha256, correction);
  }
  if (changed.size > 0) {
    const kept = [...corrections.values()].filter(({ label, given }) => label !== given);
    const details = { data: examples.id, photos: changed.size };
    await store.audited(() => writeCorrections(file, kept), { actor, action: 'data.relabel', subject: file, details });
  }
  return {
    ...{ examples: examples.id, file, isRead: file === known },
    ...{ changed: [...changed.values()], unchanged: wanted.length - changed.size },
  };
}

/** @throws RELABEL_PHOTO_UNKNOWN, RELABEL_PHOTO_AMBIGUOUS */
async function findPhoto(index: readonly Example[], photo: string, data: string): Promise<Example> {
  const named = index.find(({ filename }) => filename === photo.normalize('NFC'));
  if (named) return named;
  const digest = /^[0-9a-f]{6,64}$/.test(photo) ? photo : await digestOfFile(photo);
  const [example, another] = index.filter(({ sha256 }) => digest !== null && sha256.startsWith(digest));
  if (!example) throw new MitateError('RELABEL_PHOTO_UNKNOWN', { photo, data });
  if (another)
    throw new MitateError('RELABEL_PHOTO_AMBIGUOUS', { photo, first: example.filename, second: another.filename });
  return example;
}

/** Null = no file that can be read. */
async function digestOfFile(path: string): Promise<string | null> {
  const bytes = await readFile(path).catch(() => null);
  return bytes && sha256Of(bytes);
}
