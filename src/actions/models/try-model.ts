import { setPriority } from 'node:os';
import type { z } from 'zod';
import { readImages } from '../../artifacts/examples/read-examples.ts';
import { answer } from '../../artifacts/model/answer.ts';
import type { triedExplanationSchema, triedSchema } from '../../contracts/api/models.ts';
import { splits } from '../../contracts/artifacts/example.ts';
import type { ModelVersion } from '../../contracts/model.ts';
import { MitateError } from '../../errors/index.ts';
import { InferencePool } from '../../inference/inference-pool.ts';
import { localImages } from '../../store/images/image-store.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { evaluationOfModel } from './evaluation.ts';
import { findModel } from './find-model.ts';

export interface Trial {
  reference: string;
  sha256: string;
  /** With the heat map. */
  explain: boolean;
  /** The caller may see photos of requests. */
  mayLabel: boolean;
}

/** Behind everything that answers users. */
const nice = 15;

/**
 * What a version says of a stored photo; nothing is logged.
 * @throws MODEL_NOT_FOUND, MODEL_PHOTO_UNKNOWN, MODEL_NOT_EXPLAINABLE, IMAGE_*, INFERENCE_*
 */
export async function tryModel(
  store: OpenStore,
  { reference, sha256, explain, mayLabel }: Trial,
): Promise<z.input<typeof triedSchema> | z.input<typeof triedExplanationSchema>> {
  setPriority(nice);
  const version = await findModel(store, reference);
  const image = await storedPhoto(store, version, { sha256, mayLabel });
  await using pool = await InferencePool.open({ processes: 1, nice: 4 });
  const signature = await pool.loadModel('model', version.artifactUri);
  const about = { model: { name: version.name, version: version.version } };
  if (!explain) {
    const { probabilities } = await pool.predict('model', image, { subject: sha256 });
    return { ...about, prediction: answer(probabilities, signature) };
  }
  const { map, height, width, fit, completenessError, probabilities } = await pool.explain('model', image, {
    subject: sha256,
  });
  const grid = Array.from({ length: height }, (_, y) => [...map.subarray(y * width, (y + 1) * width)]);
  return { ...about, prediction: answer(probabilities, signature), grid, height, width, fit, completenessError };
}

async function storedPhoto(
  store: OpenStore,
  { name, version }: ModelVersion,
  { sha256, mayLabel }: Pick<Trial, 'sha256' | 'mayLabel'>,
): Promise<Uint8Array> {
  const { workspace, project } = store;
  const reference = `${name}@${version}`;
  const evaluated = await evaluationOfModel(store, reference).catch(() => null);
  if (evaluated && evaluated.examples.deletedAt === null)
    for (const split of splits.toReversed())
      for await (const { image } of readImages(evaluated.examples.uri, split, (example) => example.sha256 === sha256))
        return image;
  const kept = mayLabel ? await localImages(workspace.images).get(project, sha256) : null;
  if (kept) return kept;
  throw new MitateError('MODEL_PHOTO_UNKNOWN', { sha256, model: reference });
}
