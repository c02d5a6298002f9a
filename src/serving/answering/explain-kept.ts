import { answer } from '../../artifacts/model/answer.ts';
import type { ServedExplanation } from '../../contracts/served-prediction.ts';
import type { InferencePool } from '../../inference/inference-pool.ts';
import type { Admission } from '../admission/admission.ts';
import type { Model } from '../deployments/model.ts';
import type { ModelCache } from '../deployments/model-cache.ts';
import { explainCost, overlayCost } from './answering.ts';
import { gridOf, type HeatMap, heatMap } from './heat-map.ts';

export interface KeptExplanation extends Pick<ServedExplanation, 'grid' | 'height' | 'width' | 'completenessError'> {
  /** That the cells speak for. */
  label: string;
}

interface Parts {
  pool: InferencePool;
  modelCache: ModelCache;
  admission: Admission;
}

interface Options {
  /** Default: the model's answer. */
  label: string | null;
  signal?: AbortSignal | undefined;
}

/** Far below what a person waits for, and above a cold load of the model. */
const deadlineMs = 20_000;

/**
 * The heat map of a photo that was answered earlier. Waits in the queue of predictions, is refused when that is full, and is not logged.
 * @throws QUEUE_FULL, SERVICE_DRAINING, MODEL_NOT_EXPLAINABLE, MODEL_UNAVAILABLE, INFERENCE_*
 */
export async function explainKept(
  parts: Parts,
  model: Model,
  image: Uint8Array,
  { label, signal }: Options,
): Promise<KeptExplanation> {
  return await admitted(parts, explainCost, image, async () => {
    const heat = await heatOf(parts, model, image, { label, signal });
    const { height, width, completenessError, probabilities } = heat;
    return {
      label: label ?? answer(probabilities, model.signature).label,
      grid: gridOf(heat),
      ...{ height, width, completenessError },
    };
  });
}

/** The same over the photo: PNG bytes. @throws as `explainKept` */
export async function overlayKept(
  parts: Parts,
  model: Model,
  image: Uint8Array,
  { label, signal }: Options,
): Promise<Uint8Array> {
  return await admitted(parts, explainCost + overlayCost, image, async () => {
    const heat = await heatOf(parts, model, image, { label, signal });
    return await parts.modelCache.use(model, null, () => parts.pool.overlay(model.key, image, heat, { signal }));
  });
}

async function heatOf({ pool, modelCache }: Parts, model: Model, image: Uint8Array, of: Options): Promise<HeatMap> {
  const options = { subject: 'photo', signal: of.signal, deadlineMs, label: of.label ?? undefined };
  return await modelCache.use(model, null, () => heatMap(pool, model, image, options));
}

async function admitted<T>({ admission }: Parts, cost: number, image: Uint8Array, work: () => Promise<T>): Promise<T> {
  admission.enter(cost, image.length);
  try {
    return await work();
  } finally {
    admission.leave(cost, image.length);
  }
}
