import { answer } from '../../artifacts/model/answer.ts';
import type { Signature } from '../../contracts/artifacts/signature.ts';
import { type Notices, noticed, noticesOf, type Prediction, type UnlikeSettings } from '../../contracts/prediction.ts';
import type { QualityHint } from '../../contracts/request-record.ts';
import { isMitateError, MitateError } from '../../errors/index.ts';
import type { InferencePool } from '../../inference/inference-pool.ts';
import { mapOrdered } from '../../inference/map-ordered.ts';
import { openSource, type SourceOptions } from '../../sources/open-source.ts';

export interface PhotoToInfer {
  /** Path inside its source. */
  filename: string;
  /** Its true label, if known. */
  label?: string | undefined;
  /** @throws MitateError when this photo cannot be read */
  read(): Promise<Uint8Array>;
}

/** The prediction for a photo, or the error that prevented it. */
export type InferenceRow = { file: string; truth?: string } & (
  | (Prediction &
      Notices & {
        /** When the photo is refused: the label otherwise. */
        leaning?: string;
        outOfDistribution: { flagged: boolean; score: number } | null;
        quality: QualityHint[];
      })
  | { error: { code: string; message: string; remedy: string } }
);

export interface InferOptions {
  pool: InferencePool;
  /** Name of the model in the pool. */
  model: string;
  signature: Signature;
  /** Photos processed at once; about three per process keep all of them busy. */
  inFlight: number;
  signal?: AbortSignal | undefined;
  /** As of an endpoint. */
  unlike: UnlikeSettings;
}

/** Errors of the run as a whole, not of one photo. */
const fatal =
  /^(CANCELLED|INTERNAL|INFERENCE_CLOSED|INFERENCE_PROCESS_FAILED_TO_START|MODEL_NOT_LOADED|SOURCE_TOO_.*|BUCKET_(?!KEY_UNSAFE).*)$/;

/** Rows in the order of the photos; a photo that cannot be read or decoded gets an error row. @throws CANCELLED, INFERENCE_* */
export function inferPhotos(photos: AsyncIterable<PhotoToInfer>, options: InferOptions): AsyncGenerator<InferenceRow> {
  return mapOrdered(photos, options.inFlight, (photo) => inferPhoto(photo, options));
}

/**
 * `inferPhotos` over a folder (flat or a folder per label), ZIP, CSV or JSONL manifest, or TFRecord shards.
 * @throws SOURCE_*, MANIFEST_* for defects of the source as a whole
 */
export function inferFolder(
  source: string,
  options: InferOptions & Omit<SourceOptions, 'labels' | 'signal'>,
): AsyncGenerator<InferenceRow> {
  const { pool, model, signature, inFlight, signal, unlike, ...sourceOptions } = options;
  const photos = openSource(source, { ...sourceOptions, labels: 'optional', ...(signal && { signal }) });
  return inferPhotos(photos, { pool, model, signature, inFlight, signal, unlike });
}

async function inferPhoto(
  photo: PhotoToInfer,
  { pool, model, signature, signal, unlike }: InferOptions,
): Promise<InferenceRow> {
  const { filename: file, label } = photo;
  const known = { file, ...(label !== undefined && { truth: label }) };
  try {
    if (signal?.aborted) throw new MitateError('CANCELLED', {});
    const options = { signal, subject: file };
    const numbers = await pool.serve(model, await photo.read(), options);
    const { outOfDistribution: distance, quality } = numbers;
    return {
      ...known,
      ...noticed(answer(numbers.probabilities, signature), noticesOf(distance, unlike)),
      outOfDistribution: distance && { flagged: distance.flagged, score: distance.score },
      quality,
    };
  } catch (error) {
    if (!isMitateError(error) || fatal.test(error.code)) throw error;
    const { code, message, remedy } = error;
    return { ...known, error: { code, message, remedy } };
  }
}
