import { existsSync } from 'node:fs';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readArtifactJson, readArtifactLines, writeArtifactJson } from '../../artifacts/artifact-json.ts';
import { readIndex } from '../../artifacts/examples/read-examples.ts';
import { readChangedAnswers } from '../../artifacts/model/read-changed-answers.ts';
import { openEmbeddings } from '../../artifacts/transform-graph/open-embeddings.ts';
import { readTransform } from '../../artifacts/transform-graph/read-transform.ts';
import { driftReferenceSchema } from '../../contracts/artifacts/drift-reference.ts';
import { splits } from '../../contracts/artifacts/example.ts';
import {
  changedAnswersFile,
  type ReferenceObservation,
  referenceObservationSchema,
  referenceObservationsFile,
} from '../../contracts/artifacts/reference-observation.ts';
import { type WarmupRequest, warmupFile, warmupRequestSchema } from '../../contracts/artifacts/warmup.ts';
import { RandomProjection } from '../../math/drift/random-projection.ts';
import { toFloat16 } from '../../math/stats/float16.ts';

const driftFile = 'drift-reference.json';

/** The artifacts of a model's training embeddings. */
export interface TrainedFrom {
  examplesUri: string;
  transformUri: string;
}

/** Whether a Model artifact contains a photo, apart from its weights, which cannot be changed. */
export async function modelHolds(uri: string, photo: string, from: TrainedFrom | null): Promise<boolean> {
  const warmups = await readWarmups(uri);
  if ((await readChangedAnswers(uri)).some(({ id }) => id === photo)) return true;
  if (warmups.some(({ sha256 }) => sha256 === photo) || (await readObservations(uri)).some(({ id }) => id === photo))
    return true;
  return (await projectedRows(uri, photo, from)).length > 0;
}

/** Copies a Model artifact without the photo's warm-up request and its rows in the references; the weights are the same. */
export async function modelWithoutPhoto(
  uri: string,
  output: string,
  photo: string,
  from: TrainedFrom | null,
): Promise<void> {
  await cp(uri, output, { recursive: true });
  const warmups = (await readWarmups(uri)).filter(({ sha256 }) => sha256 !== photo);
  if (existsSync(join(uri, warmupFile)))
    await writeFile(join(output, warmupFile), warmups.map((request) => `${JSON.stringify(request)}\n`).join(''));
  const observations = await readObservations(uri);
  const rest = observations.filter(({ id }) => id !== photo);
  if (rest.length < observations.length)
    await writeFile(join(output, referenceObservationsFile), rest.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const changed = await readChangedAnswers(uri);
  const left = changed.filter(({ id }) => id !== photo);
  if (left.length < changed.length)
    await writeFile(join(output, changedAnswersFile), left.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const gone = new Set(await projectedRows(uri, photo, from));
  if (gone.size > 0) await dropRows(output, gone);
}

async function readWarmups(uri: string): Promise<WarmupRequest[]> {
  return existsSync(join(uri, warmupFile)) ? await readArtifactLines(join(uri, warmupFile), warmupRequestSchema) : [];
}

async function readObservations(uri: string): Promise<ReferenceObservation[]> {
  const path = join(uri, referenceObservationsFile);
  return existsSync(path) ? await readArtifactLines(path, referenceObservationSchema) : [];
}

async function dropRows(uri: string, gone: ReadonlySet<number>): Promise<void> {
  const reference = await readArtifactJson(join(uri, driftFile), driftReferenceSchema);
  const { projection } = reference;
  const path = join(uri, projection.file);
  const bytes = await readFile(path);
  const rowBytes = projection.size * 2;
  const kept = Array.from({ length: projection.rows }, (_, row) => row).filter((row) => !gone.has(row));
  await writeFile(path, Buffer.concat(kept.map((row) => bytes.subarray(row * rowBytes, (row + 1) * rowBytes))));
  const ids = projection.ids && { ids: projection.ids.filter((_, row) => !gone.has(row)) };
  await writeArtifactJson(join(uri, driftFile), {
    ...reference,
    projection: { ...projection, ...ids, rows: kept.length },
  });
}

/** Rows with the photo's id; in older models without ids, rows equal to the photo's projected embedding. */
async function projectedRows(uri: string, photo: string, from: TrainedFrom | null): Promise<number[]> {
  if (!existsSync(join(uri, driftFile))) return [];
  const { projection } = await readArtifactJson(join(uri, driftFile), driftReferenceSchema);
  if (projection.ids) return projection.ids.flatMap((id, row) => (id === photo ? [row] : []));
  const wanted = from && (await projectionOf(photo, from, projection));
  if (!wanted) return [];
  const bytes = await readFile(join(uri, projection.file));
  const rowBytes = wanted.length;
  return Array.from({ length: projection.rows }, (_, row) => row).filter((row) =>
    bytes.subarray(row * rowBytes, (row + 1) * rowBytes).equals(wanted),
  );
}

async function projectionOf(
  photo: string,
  { examplesUri, transformUri }: TrainedFrom,
  { seed, embeddingSize, size }: { seed: string; embeddingSize: number; size: number },
): Promise<Buffer | null> {
  const { views } = await readTransform(transformUri);
  for (const split of splits) {
    const place = (await readIndex(examplesUri, split)).findIndex(({ sha256 }) => sha256 === photo);
    if (place < 0) continue;
    const rows = openEmbeddings(transformUri, split);
    const embedding = new Float32Array(embeddingSize);
    try {
      rows.read([place * rows.views + Math.max(0, views.indexOf('plain'))], embedding);
    } finally {
      rows.close();
    }
    const halves = Array.from(new RandomProjection(seed, embeddingSize, size).project(embedding), toFloat16);
    return Buffer.from(Uint16Array.from(halves).buffer);
  }
  return null;
}
