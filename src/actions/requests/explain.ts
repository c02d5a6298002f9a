import { MitateError } from '../../errors/index.ts';
import type { KeptExplanation } from '../../serving/answering/explain-kept.ts';
import type { RunningService } from '../../serving/open-service.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { keptPhoto } from '../review/review.ts';
import { showRequest } from './requests.ts';

/**
 * The heat map of a logged prediction, computed again from its kept photo by the version that answered.
 * @throws REQUEST_UNKNOWN, REVIEW_PHOTO_GONE, DEPLOYMENT_NOT_READY, MODEL_NOT_EXPLAINABLE, QUEUE_FULL, SERVICE_DRAINING
 */
export async function explainRequest(
  store: Pick<OpenStore, 'requests' | 'workspace' | 'project'>,
  service: Pick<RunningService, 'explainKept'>,
  id: string,
  signal: AbortSignal,
): Promise<KeptExplanation> {
  const { version, image, label } = await explainedPhoto(store, id);
  return await service.explainKept(version, image, { label, signal });
}

/** What a heat map of a logged prediction is made of. @throws REQUEST_UNKNOWN, REVIEW_PHOTO_GONE, DEPLOYMENT_NOT_READY */
export async function explainedPhoto(store: Pick<OpenStore, 'requests' | 'workspace' | 'project'>, id: string) {
  const { modelName, modelVersion: version, label, response } = await showRequest(store, id);
  const { bytes: image } = await keptPhoto(store, id);
  if (version === null)
    throw new MitateError('DEPLOYMENT_NOT_READY', { model: modelName, reason: 'it has no version' });
  const leaning = typeof response?.leaning === 'string' ? response.leaning : null;
  const answered = label === 'uncertain' ? leaning : label;
  return { version: { project: store.project, modelName, version }, image, label: answered };
}
