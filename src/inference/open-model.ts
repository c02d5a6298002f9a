import type { ServedModel } from '../artifacts/model/served-model.ts';
import { MitateError } from '../errors/index.ts';
import { RandomProjection } from '../math/drift/random-projection.ts';
import { createOptimised } from '../onnx/optimise.ts';
import { createSession } from '../onnx/session.ts';
import { toPixels } from '../vision/pixels.ts';
import { Distribution } from './distribution.ts';
import { infer } from './infer.ts';
import type { HeldGraph } from './processes/messages.ts';
import type { OpenGraph } from './processes/run-job.ts';

export interface OpenModel extends OpenGraph {
  served: ServedModel;
  projection: RandomProjection;
  distribution: Distribution | null;
}

/** Ten times what InfraValidator allows between machines: a wrong model differs by more. */
const tolerance = 0.01;

/**
 * Opens a graph; for a model, checks its answers to the warm-up requests against training.
 * @returns the optimised graph too if this process was the first
 * @throws MODEL_LOAD_FAILED, MODEL_WARMUP_DIFFERS, MODEL_ANSWERED_NAN, MODEL_ANSWER_SHAPE
 */
export async function openGraph(
  held: HeldGraph,
): Promise<{ graph: OpenGraph | OpenModel; optimised: Uint8Array | null }> {
  const { name, preprocess, served } = held;
  const { session, optimised } = await openSession(held);
  const graph = { name, preprocess, session };
  if (!served) return { graph, optimised };
  const { seed, size } = served.projection;
  const projection = new RandomProjection(seed, served.embeddingSize, size);
  const distribution = served.trainingPhotos && new Distribution(served.trainingPhotos);
  const model = { ...graph, served, projection, distribution };
  try {
    await warm(model);
  } catch (error) {
    await session.release();
    throw error;
  }
  return { graph: model, optimised };
}

async function openSession({ name, bytes, isOptimised }: HeldGraph) {
  try {
    if (!isOptimised) return await createOptimised(bytes);
    return { session: await createSession(bytes, { optimisation: 'disabled' }), optimised: null };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MitateError('MODEL_LOAD_FAILED', { name, reason }, { cause });
  }
}

/** Without warm-up requests a black photo is used: shape and finite numbers are still checked. */
async function warm(model: OpenModel): Promise<void> {
  const { preprocess, served, name } = model;
  if (served.warmup.length === 0) await infer(model, new Uint8Array(preprocess.width * preprocess.height * 3));
  for (const [i, { image, probabilities: expected }] of served.warmup.entries()) {
    const { probabilities } = await infer(model, await toPixels(image, preprocess));
    const difference = Math.max(...expected.map((value, k) => Math.abs(value - probabilities[k]!)));
    if (difference <= tolerance) continue;
    throw new MitateError('MODEL_WARMUP_DIFFERS', { name, request: i + 1, difference, tolerance });
  }
}
