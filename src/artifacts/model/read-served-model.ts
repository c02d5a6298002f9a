import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DriftReference, driftReferenceSchema } from '../../contracts/artifacts/drift-reference.ts';
import type { Signature } from '../../contracts/artifacts/signature.ts';
import { warmupRequestSchema } from '../../contracts/artifacts/warmup.ts';
import { firstIssue, MitateError } from '../../errors/index.ts';
import type { OutlierDetector } from '../../math/drift/outlier-detector.ts';
import { fromFloat16 } from '../../math/stats/float16.ts';
import type { ServedModel, TrainingPhotos, WarmupPhoto } from './served-model.ts';

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

async function readTrainingPhotos(
  modelUri: string,
  { projection, distribution }: DriftReference,
  embeddingSize: number,
): Promise<TrainingPhotos | null> {
  const { file, rows: count, size, ids = [] } = projection;
  const bytes = await readNumbers(modelUri, file, 2 * count * size);
  if (count < 2) return null;
  const rows = Float32Array.from({ length: count * size }, (_, i) => fromFloat16(bytes.getUint16(2 * i, true)));
  const detector = distribution?.detector
    ? await readDetector(modelUri, distribution.detector.file, embeddingSize)
    : null;
  return { rows, size, ids, reference: distribution, detector };
}

async function readDetector(modelUri: string, file: string, embeddingSize: number): Promise<OutlierDetector> {
  const bytes = await readNumbers(modelUri, file, 4 * (embeddingSize + 1));
  const weights = Float32Array.from({ length: embeddingSize }, (_, d) => bytes.getFloat32(4 * d, true));
  return { weights, bias: bytes.getFloat32(4 * embeddingSize, true) };
}

async function readNumbers(modelUri: string, file: string, length: number): Promise<DataView> {
  const bytes = await readFile(join(modelUri, file)).catch(() => null);
  if (bytes?.length === length) return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
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
