import type { DataPhoto, Neighbours, PhotoDetail } from '../../contracts/api/data.ts';
import type { StoredArtifact } from '../../contracts/artifact.ts';
import { splits } from '../../contracts/artifacts/example.ts';
import { MitateError } from '../../errors/index.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { evaluationPipeline } from '../models/evaluation-pipeline.ts';
import { askPhotoProcess } from './in-child-process.ts';
import { type DataStore, describePhotos, openArtifact, openData } from './list-photos.ts';
import { madeFrom } from './made-from.ts';
import type { Neighbour } from './nearest-photos.ts';
import { openPhotoIndex } from './open-index.ts';

/** Pipelines whose newest data set is searched for a photo. */
const mostPipelines = 20;
const mostAnswers = 50;

/** The newest data set of each pipeline. */
export async function newestDataSets(store: Pick<OpenStore, 'listArtifacts'>): Promise<StoredArtifact[]> {
  const newest = new Map<string, StoredArtifact>();
  for (const each of await store.listArtifacts({ type: 'Examples', live: true }))
    if (each.pipeline !== evaluationPipeline && !newest.has(each.pipeline)) newest.set(each.pipeline, each);
  return [...newest.values()].slice(0, mostPipelines);
}

/** What is known of a photo. @throws PHOTO_UNKNOWN, and as `openData` */
export async function showPhoto(store: DataStore & Pick<OpenStore, 'requests'>, sha256: string): Promise<PhotoDetail> {
  const data: PhotoDetail['data'] = [];
  for (const artifact of await newestDataSets(store)) {
    const at = (await openPhotoIndex(store, artifact)).position(sha256);
    if (at < 0) continue;
    const [photo] = await describePhotos(await openArtifact(store, artifact), [at]);
    if (photo?.sha256 === sha256) data.push({ examples: artifact.id, pipeline: artifact.pipeline, photo });
  }
  const corrections = await store.corrections.list({ sha256 });
  const answers = await store.requests.listRequests({ imageSha256: sha256, limit: mostAnswers });
  if (data.length + corrections.length + answers.length === 0)
    throw new MitateError('PHOTO_UNKNOWN', { sha256, where: `project ${store.project}` });
  return {
    sha256,
    data,
    corrections,
    answers: answers.map(({ publicId, loggingTime, endpoint, modelName, modelVersion, role, label, probability }) => ({
      ...{ request: publicId, at: loggingTime, endpoint, model: modelName, version: modelVersion },
      ...{ role, label, probability },
    })),
  };
}

/**
 * Photos of the data set with similar embeddings, of each label in its order.
 * @throws PHOTO_UNKNOWN, NEIGHBOURS_UNKNOWN, RELABEL_LABEL_UNKNOWN, TRANSFORM_ARTIFACT_INVALID, and as `openData`
 */
export async function neighboursOf(
  store: DataStore,
  sha256: string,
  { data: reference, labels, count }: { data: string; labels: readonly string[]; count: number },
): Promise<Neighbours> {
  const data = await openData(store, reference);
  const { index, artifact } = data;
  const at = index.position(sha256);
  if (at < 0) throw new MitateError('PHOTO_UNKNOWN', { sha256, where: `data set ${reference}` });
  const of = labels.map((label) => {
    const number = index.labels.indexOf(label);
    if (number < 0) throw new MitateError('RELABEL_LABEL_UNKNOWN', { label, known: someOf(index.labels) });
    return number;
  });
  const transform = await madeFrom(store, 'TransformGraph', artifact);
  if (!transform) throw new MitateError('NEIGHBOURS_UNKNOWN', { data: reference });
  const present = splits.filter((_, i) => index.starts[i + 1]! > index.starts[i]!);
  const found = await askPhotoProcess<Neighbour[]>({
    ...{ kind: 'nearest', transformUri: transform.artifact.uri, splits: present, at, labels: index.label.slice() },
    ...{ of: of.length > 0 ? of : null, count },
  });
  const photos: DataPhoto[] = await describePhotos(
    data,
    found.map((each) => each.at),
  );
  return { items: photos.map((photo, i) => ({ ...photo, similarity: found[i]!.similarity })) };
}

/** A data set may have thousands. */
export const someOf = (labels: readonly string[]): string =>
  labels.length > 20 ? `${labels.slice(0, 20).join(', ')} and ${labels.length - 20} more` : labels.join(', ');
