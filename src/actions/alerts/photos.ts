import type { Alert } from '../../contracts/loop/alert.ts';
import type { ModelVersion } from '../../contracts/model.ts';
import type { LoggedProbabilities } from '../../contracts/prediction.ts';
import type { LoggedRequest } from '../../contracts/request-record.ts';
import { MitateError } from '../../errors/index.ts';
import { nearestTraining } from '../../feedback/alerts/nearest-training.ts';
import { localImages } from '../../store/images/image-store.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { drawGrid } from '../photo-grid/draw-grid.ts';
import { requireAlert } from './alert.ts';
import { findTrainingPhotos, type TrainingPhotos } from './training-photos.ts';

const neighbours = 3;

export interface AlertPhoto extends LoggedProbabilities {
  requestId: string;
  label: string | null;
  /** The endpoint kept it. */
  isKept: boolean;
  /** Nearest training photos of the model that answered, nearest first. */
  nearest: { id: string; label: string | null; isKept: boolean }[];
}

/** The photos that contributed most to an alert, each with its nearest training photos. @throws ALERT_UNKNOWN */
export async function alertPhotos(
  store: Pick<OpenStore, 'alerts' | 'project' | 'requests' | 'findVersion' | 'getArtifact' | 'executionArtifacts'>,
  idOrMonitor: string,
): Promise<AlertPhoto[]> {
  const { moved, training } = await gather(store, await requireAlert(store, idOrMonitor));
  return moved.map(({ request, nearest }) => ({
    requestId: request.publicId,
    label: request.label,
    probability: request.probability,
    positiveProbability: request.positiveProbability,
    threshold: request.threshold,
    probabilities: (request.response?.probabilities as LoggedProbabilities['probabilities'] | undefined) ?? null,
    isKept: request.imageKept,
    nearest: nearest.map((id) => ({ id, label: training.labels.get(id) ?? null, isKept: training.labels.has(id) })),
  }));
}

/**
 * The same as a PNG: a row for each photo, in the order of `alertPhotos`; first the photo, then its nearest training photos. Deleted photos are grey.
 * @throws ALERT_UNKNOWN, ALERT_NO_PHOTOS
 */
export async function alertGrid(
  store: Pick<
    OpenStore,
    'alerts' | 'project' | 'requests' | 'findVersion' | 'getArtifact' | 'executionArtifacts' | 'workspace'
  >,
  idOrMonitor: string,
): Promise<Uint8Array> {
  const alert = await requireAlert(store, idOrMonitor);
  const { moved, training } = await gather(store, alert);
  const images = localImages(store.workspace.images);
  const photos = await Promise.all(
    moved.map(({ request: { imageKept, imageSha256 } }) =>
      imageKept && imageSha256 !== null ? images.get(store.project, imageSha256) : null,
    ),
  );
  if (photos.every((photo) => photo === null)) throw noPhotos(alert, moved.length);
  return await drawGrid({
    rows: moved.map(({ nearest }, i) => [photos[i] ?? null, ...nearest]),
    examples: training.uris,
  });
}

interface Gathered {
  moved: { request: LoggedRequest; nearest: string[] }[];
  training: TrainingPhotos;
}

async function gather(
  store: Pick<OpenStore, 'requests' | 'findVersion' | 'getArtifact' | 'executionArtifacts'>,
  { finding }: Alert,
): Promise<Gathered> {
  const found = await Promise.all(finding.movers.map((id) => store.requests.getRequest(id)));
  const requests = found.filter((request) => request !== null);
  const models = await modelsOf(store, requests);
  const moved = requests.map((request) => ({
    request,
    nearest: models.get(referenceOf(request))?.nearest(request.projection) ?? [],
  }));
  const ids = new Set(moved.flatMap(({ nearest }) => nearest));
  const versions = [...models.values()].map(({ version }) => version);
  return { moved, training: await findTrainingPhotos(store, versions, ids) };
}

const referenceOf = ({ modelName, modelVersion }: LoggedRequest) => `${modelName}@${modelVersion}`;

interface AnsweringModel {
  version: ModelVersion;
  nearest: (projection: Float32Array | null) => string[];
}

async function modelsOf(
  store: Pick<OpenStore, 'findVersion'>,
  requests: readonly LoggedRequest[],
): Promise<Map<string, AnsweringModel>> {
  const models = new Map<string, AnsweringModel>();
  for (const reference of new Set(requests.map(referenceOf))) {
    const version = await store.findVersion(reference);
    // without the model's files, the alert's own photos are still shown
    const nearest = version && (await nearestTraining(version.artifactUri, neighbours).catch(() => () => []));
    if (version && nearest) models.set(reference, { version, nearest });
  }
  return models;
}

function noPhotos({ id, endpoint, finding }: Alert, found: number): MitateError {
  const reason =
    finding.movers.length === 0
      ? 'its monitor does not evaluate single photos'
      : found === 0
        ? 'their requests have left the log'
        : 'the endpoint did not keep them, or not so long';
  return new MitateError('ALERT_NO_PHOTOS', { alert: id, endpoint, count: finding.movers.length, reason });
}
