import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DriftReference, driftReferenceSchema } from '../../contracts/artifacts/drift-reference.ts';
import type { Signature } from '../../contracts/artifacts/signature.ts';
import { warmupRequestSchema } from '../../contracts/artifacts/warmup.ts';
import { firstIssue, MitateError } from '../../errors/index.ts';
import type { ServedModel, TrainingPhotos, WarmupPhoto } from './served-model.ts';
import { detectorBytes, rowBytes, trainingPhotosOf } from './training-photos.ts';

/** For a model without a drift reference: the axes that all models of one backbone share. */
const usualAxes = { seed: 'mitate-drift-projection/1', size: 64 };

/**
 * Reads the files beside `Format-Serving/` of a Model artifact.
 * @throws MODEL_REFERENCE_INVALID when a file exists and cannot be used
 */
export async function readServedModel(modelUri: string, signature: Signature): Promise<ServedModel> {
  const { labels, embeddingSize } = signature;
  const reference = await readDriftReference(modelUri);
  const projection = reference ? { seed: reference.projection.seed, size: reference.projection.size } : usualAxes;
  const trainingPhotos = reference && (await readTrainingPhotos(modelUri, reference, embeddingSize));
  return { classes: labels.length, embeddingSize, projection, trainingPhotos, warmup: await readWarmup(modelUri) };
}

/** Null without the file. @throws MODEL_REFERENCE_INVALID */
export async function readDriftReference(modelUri: string): Promise<DriftReference | null> {
  const file = 'drift-reference.json';
  const text = await readFile(join(modelUri, file), 'utf8').catch(() => null);
  if (text === null) return null;
  const parsed = driftReferenceSchema.safeParse(parseJson(text, file));
  if (parsed.success) return parsed.data;
  throw new MitateError('MODEL_REFERENCE_INVALID', { file, reason: firstIssue(parsed.error) });
}

/** @throws MODEL_REFERENCE_INVALID */
async function readTrainingPhotos(
  modelUri: string,
  reference: DriftReference,
  embeddingSize: number,
): Promise<TrainingPhotos | null> {
  const { rows, detector } = await readTrainingFiles(modelUri, reference, embeddingSize);
  return trainingPhotosOf(reference, viewOf(rows), detector && viewOf(detector));
}

/** The files that a drift reference names, as they are. @throws MODEL_REFERENCE_INVALID */
export async function readTrainingFiles(
  modelUri: string,
  { projection, distribution }: DriftReference,
  embeddingSize: number,
): Promise<{ rows: Uint8Array; detector: Uint8Array | null }> {
  const rows = await readNumbers(modelUri, projection.file, rowBytes(projection));
  const file = distribution?.detector?.file;
  const detector = file === undefined ? null : await readNumbers(modelUri, file, detectorBytes(embeddingSize));
  return { rows, detector };
}

const viewOf = ({ buffer, byteOffset, length }: Uint8Array) => new DataView(buffer, byteOffset, length);

async function readNumbers(modelUri: string, file: string, length: number): Promise<Uint8Array> {
  const bytes = await readFile(join(modelUri, file)).catch(() => null);
  if (bytes?.length === length) return bytes;
  const reason = bytes ? `expected ${length} bytes, got ${bytes.length}` : 'the file is missing';
  throw new MitateError('MODEL_REFERENCE_INVALID', { file, reason });
}

/** Empty without a file. @throws MODEL_REFERENCE_INVALID */
async function readWarmup(modelUri: string): Promise<WarmupPhoto[]> {
  const file = join('warmup', 'requests.jsonl');
  const text = await readFile(join(modelUri, file), 'utf8').catch(() => '');
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line, i) => {
    const parsed = warmupRequestSchema.safeParse(parseJson(line, file));
    if (!parsed.success)
      throw new MitateError('MODEL_REFERENCE_INVALID', { file, reason: `line ${i + 1} is not a warm-up request` });
    const { image, probabilities } = parsed.data;
    return { image: new Uint8Array(Buffer.from(image, 'base64')), probabilities };
  });
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MitateError('MODEL_REFERENCE_INVALID', { file, reason: 'it is not JSON' }, { cause });
  }
}
