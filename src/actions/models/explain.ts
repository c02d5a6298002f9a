import { writeFile } from 'node:fs/promises';
import { answer } from '../../artifacts/model/answer.ts';
import type { Config } from '../../config/index.ts';
import type { Prediction } from '../../contracts/prediction.ts';
import { fileReason, MitateError } from '../../errors/index.ts';
import { overlay } from '../../inference/explain/overlay.ts';
import { InferencePool } from '../../inference/inference-pool.ts';
import { readPhoto } from '../read-photo.ts';
import { resolveModel } from './resolve-model.ts';

export interface Explained {
  prediction: Prediction;
  model: { name: string; version: number | null };
  /** Written PNG. */
  output: string;
  /** Relative gap between the map's sum and the value that it explains; 0 = exact. */
  completenessError: number;
}

/** Explains a prediction: the photo under its heat map, as a PNG. */
export async function explainPhoto(
  config: Config,
  request: { file: string; model?: string; output: string; signal: AbortSignal },
): Promise<Explained> {
  const model = await resolveModel(config, request.model);
  const image = await readPhoto(request.file);
  await using pool = await InferencePool.open({ processes: 1 });
  const signature = await pool.loadModel('model', model.uri);
  const explanation = await pool.explain('model', image, { subject: request.file, signal: request.signal });
  await writeFile(request.output, await overlay(image, explanation)).catch((cause: Error) => {
    throw new MitateError('FILE_UNWRITABLE', { path: request.output, reason: fileReason(cause) }, { cause });
  });
  return {
    prediction: answer(explanation.probabilities, signature),
    model: { name: model.name, version: model.version },
    output: request.output,
    completenessError: explanation.completenessError,
  };
}
