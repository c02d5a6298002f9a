import { readSignature } from '../../artifacts/model/model-files.ts';
import { readDriftReference } from '../../artifacts/model/read-served-model.ts';
import { readTransform } from '../../artifacts/transform-graph/read-transform.ts';
import type { RequestsOnMap } from '../../contracts/api/data.ts';
import type { LoggedRequest } from '../../contracts/request-record.ts';
import { placeOn } from '../../inference/embeddings/map-places.ts';
import type { OpenStore } from '../../store/open-store.ts';
import type { DataStore } from './list-photos.ts';
import { mapOf, placesOf } from './show-map.ts';

type Store = DataStore & Pick<OpenStore, 'requests' | 'findVersion'>;

interface Axes {
  seed: string;
  size: number;
}

/**
 * Where the newest answered photos of an endpoint lie on the map of a data set. Of each request 64 numbers are kept, which a linear fit on the
 * photos of the map turns into a place; requests to models on another backbone have none.
 * @throws as `showMap`
 */
export async function requestsOnMap(
  store: Store,
  reference: string,
  { points, limit, ...filter }: { points: number; endpoint: string; from?: Date; to?: Date; limit: number },
): Promise<RequestsOnMap> {
  const map = await mapOf(store, reference, points);
  const requests = await store.requests.listRequests({ ...filter, answered: true, limit });
  const axes = await axesByModel(store, map.transformUri, requests);
  const placed = requests.filter(({ projection, ...request }) => {
    const own = axes.get(modelOf(request));
    return own && projection?.length === own.size && projection.every(Number.isFinite);
  });
  const [first] = placed.map((request) => axes.get(modelOf(request))!);
  const alike = placed.filter((request) => axes.get(modelOf(request))!.seed === first!.seed);
  const places = first && (await placesOf(map, first));
  const items = alike.map((request) => ({
    id: request.publicId,
    at: request.loggingTime,
    model: modelOf(request),
    label: request.label,
    outOfDistribution: request.outOfDistribution,
    ...placeOn(places!, request.projection!),
  }));
  return { items, others: requests.length - items.length, explained: places?.explained ?? null };
}

const modelOf = ({ modelName, modelVersion }: Pick<LoggedRequest, 'modelName' | 'modelVersion'>) =>
  `${modelName}@${modelVersion}`;

/** Of those models that embed photos as the map does. */
async function axesByModel(
  store: Store,
  transformUri: string,
  requests: readonly LoggedRequest[],
): Promise<Map<string, Axes>> {
  const { backbone, embeddingSize } = await readTransform(transformUri);
  const axes = new Map<string, Axes>();
  for (const model of new Set(requests.map(modelOf))) {
    const version = await store.findVersion(model);
    if (!version) continue;
    // without its files, nothing is known of its embeddings
    const signature = await readSignature(version.artifactUri).catch(() => null);
    const drift = await readDriftReference(version.artifactUri).catch(() => null);
    if (drift && signature?.backbone.digest === backbone.digest && signature.embeddingSize === embeddingSize)
      axes.set(model, drift.projection);
  }
  return axes;
}
