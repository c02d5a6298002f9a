import { join } from 'node:path';
import { readArtifactJson } from '../../artifacts/artifact-json.ts';
import type { PhotoIndex } from '../../artifacts/examples/photo-index/open.ts';
import type { StoredArtifact } from '../../contracts/artifact.ts';
import { type Evaluation, evaluationSchema, type Mistake, type Suspect } from '../../contracts/artifacts/evaluation.ts';
import { photoFlags } from '../../contracts/artifacts/photo-index.ts';
import type { Correction } from '../../contracts/loop/correction.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { madeFrom } from './made-from.ts';

/** What is known of photos of a data set beside the data set itself, by position. */
export interface Marks {
  /** Id of the newest evaluation; null = none. */
  evaluation: string | null;
  /** Labels that were judged; null = none were. */
  examined: number | null;
  /** Most suspicious first. */
  suspicious: Map<number, Suspect>;
  mistakes: Map<number, Mistake>;
  corrections: Map<number, Correction>;
  /** Changes with all of these. */
  revision: string;
}

type Store = Pick<OpenStore, 'listArtifacts' | 'executionArtifacts' | 'corrections' | 'project'>;
const mostCorrections = 100_000;

/** @throws FILE_UNREADABLE, ARTIFACT_FILE_INVALID */
export async function marksOf(store: Store, examples: StoredArtifact, index: PhotoIndex): Promise<Marks> {
  const revision = await store.corrections.revision(examples.pipeline);
  const made = await madeFrom(store, 'ModelEvaluation', examples);
  const found = made && (await evaluationOf(made.artifact));
  const at = <T extends { sha256: string }>(all: readonly T[]) =>
    new Map(all.map((each) => [index.position(each.sha256), each] as const).filter(([position]) => position >= 0));
  return {
    evaluation: made?.artifact.id ?? null,
    examined: found?.suspiciousLabels?.examined ?? null,
    suspicious: at(found?.suspiciousLabels?.found ?? []),
    mistakes: at(found?.mistakes ?? []),
    corrections: at(await standing(store, examples, revision)),
    revision: `${examples.digest}.${made?.artifact.id ?? ''}.${revision}`,
  };
}

async function standing({ corrections }: Pick<Store, 'corrections'>, { pipeline }: StoredArtifact, revision: string) {
  if (revision === '0-0') return [];
  return await corrections.list({ pipeline, standing: true, limit: mostCorrections });
}

type Read = Pick<Evaluation, 'suspiciousLabels' | 'mistakes'>;
/** By digest, oldest use first: a page of photos is asked for many times. */
const read = new Map<string, Promise<Read>>();
const mostRead = 4;

function evaluationOf({ uri, digest }: StoredArtifact): Promise<Read> {
  const before = read.get(digest);
  const found = before ?? readArtifactJson(join(uri, 'evaluation.json'), evaluationSchema);
  read.delete(digest);
  read.set(digest, found);
  found.catch(() => read.delete(digest));
  for (const old of [...read.keys()].slice(0, -mostRead)) read.delete(old);
  return found;
}

/** The index as it is sent: with the flags of the marks. */
export function markedBytes(index: PhotoIndex, marks: Marks): Uint8Array<ArrayBuffer> {
  const bytes = index.bytes.slice();
  const flags = index.flagsOf(bytes);
  for (const at of marks.suspicious.keys()) flags[at]! |= photoFlags.suspicious;
  for (const at of marks.mistakes.keys()) flags[at]! |= photoFlags.mistake;
  for (const [at, { kind }] of marks.corrections) flags[at]! |= flagsOfKind[kind];
  return bytes;
}

const flagsOfKind = {
  keep: photoFlags.decided,
  label: photoFlags.decided | photoFlags.corrected,
  exclude: photoFlags.decided | photoFlags.excluded,
} as const;
