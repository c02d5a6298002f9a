import { answer } from '../../artifacts/model/answer.ts';
import type { ServedExplanation } from '../../contracts/served-prediction.ts';
import type { InferencePool } from '../../inference/inference-pool.ts';
import type { Admission } from '../admission/admission.ts';
import type { Model } from '../deployments/model.ts';
import type { ModelCache } from '../deployments/model-cache.ts';
import { explainCost } from './answering.ts';
import { gridOf, heatMap } from './heat-map.ts';

export interface KeptExplanation extends Pick<ServedExplanation, 'grid' | 'height' | 'width' | 'completenessError'> {
  /** That the cells speak for. */
  label: string;
}

interface Parts {
  pool: InferencePool;
  modelCache: ModelCache;
  admission: Admission;
}

/** Far below what a person waits for, and above a cold load of the model. */
const deadlineMs = 20_000;

/**
 * The heat map of a photo that was answered earlier. Waits in the queue of predictions, is refused when that is full, and is not logged.
 * @param label default: the model's answer @throws QUEUE_FULL, SERVICE_DRAINING, MODEL_NOT_EXPLAINABLE, MODEL_UNAVAILABLE, INFERENCE_*
 */
export async function explainKept(
  { pool, modelCache, admission }: Parts,
  model: Model,
  image: Uint8Array,
  { label, signal }: { label: string | null; signal?: AbortSignal | undefined },
): Promise<KeptExplanation> {
  admission.enter(explainCost, image.length);
  try {
    const options = { subject: 'photo', signal, deadlineMs, label: label ?? undefined };
    const heat = await modelCache.use(model, null, () => heatMap(pool, model, image, options));
    const { height, width, completenessError, probabilities } = heat;
    return {
      label: label ?? answer(probabilities, model.signature).label,
      grid: gridOf(heat),
      ...{ height, width, completenessError },
    };
  } finally {
    admission.leave(explainCost, image.length);
  }
}
