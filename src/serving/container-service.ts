import { defaultProject } from '../contracts/access.ts';
import { type EndpointSettings, endpointSettingsSchema } from '../contracts/endpoint.ts';
import type { Logger } from '../contracts/logger.ts';
import type { RequestSink } from '../contracts/request-record.ts';
import type { InferencePool } from '../inference/inference-pool.ts';
import { createPredictionService } from './create-prediction-service.ts';
import { ModelCache } from './deployments/model-cache.ts';
import type { Metrics } from './metrics.ts';
import type { RunningService } from './open-service.ts';
import { makeRoute } from './router/route.ts';
import { Routes } from './router/routes.ts';
import { defaultLimits } from './service-limits.ts';

export interface ContainerOptions {
  /** Folder of a Model artifact. */
  modelUri: string;
  pool: InferencePool;
  /** Takes the request records: the container's standard output. */
  sink: RequestSink;
  metrics: Pick<Metrics, 'request' | 'prediction' | 'shadow' | 'watch'>;
  logger: Logger;
  /** Name in answers and records. Default `model`. */
  modelName?: string | undefined;
  /** Default: sha256 of the model's graph. */
  deployedModelId?: string | undefined;
  /** Default: `modelName`. */
  endpoint?: string | undefined;
  /** Default: public; no photos and no full embeddings are kept. */
  settings?: Partial<EndpointSettings>;
}

/** One model on one endpoint that takes all traffic, without a store. @throws MODEL_*, INFERENCE_* */
export async function openContainerService(
  options: ContainerOptions,
): Promise<Omit<RunningService, 'prepare' | 'refresh' | 'explainKept' | 'overlayKept' | 'thumbnail'>> {
  const { pool, logger, metrics, modelUri, modelName = 'model', endpoint = modelName } = options;
  const limits = defaultLimits();
  const modelCache = new ModelCache({ pool, memoryBudgetBytes: limits.memoryBudgetBytes, logger });
  const model = await modelCache.load({ key: modelName, name: modelName, version: null, uri: modelUri });
  const id = options.deployedModelId ?? model.signature.files['model.onnx'] ?? modelName;
  const keepNothing = { images: { policy: 'none', share: 0 }, embeddingShare: 0, public: true };
  const settings = endpointSettingsSchema.parse({ ...keepNothing, ...options.settings });
  const routes = new Routes(endpoint);
  const route = makeRoute({ project: defaultProject, endpoint, settings }, [
    { id, role: 'stable', traffic: 100, model },
  ]);
  if (route) routes.set(defaultProject, endpoint, { route });
  routes.isComplete = true;
  const recall = async () => null;
  const { service, admission, readyModels, drain } = createPredictionService({
    ...options,
    modelCache,
    routes,
    recall,
    limits,
  });
  metrics.watch({ queueDepth: () => admission.inside, readyModels });
  return Object.assign(service, {
    drain,
    async close() {
      await drain();
      modelCache.clear();
    },
  });
}
