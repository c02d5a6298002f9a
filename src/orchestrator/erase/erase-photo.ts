import { readIndex } from '../../artifacts/examples/read-examples.ts';
import type { StoredArtifact } from '../../contracts/artifact.ts';
import { examplesWithoutPhoto } from '../../pipeline/erasure/examples.ts';
import { mentions, type NamedPhoto, withoutMentions } from '../../pipeline/erasure/mentions.ts';
import { modelHolds, modelWithoutPhoto, type TrainedFrom } from '../../pipeline/erasure/model.ts';
import { pushedTo } from '../../pipeline/erasure/pushed-to.ts';
import { transformWithoutPhoto } from '../../pipeline/erasure/transform-graph.ts';
import type { ArtifactStore } from '../../store/artifacts/artifacts.ts';
import type { Store } from '../../store/store.ts';
import { lineageOf } from '../lineage.ts';
import { republisher } from './republish.ts';

export interface ErasedPhoto {
  /** Artifacts that contained it, and their replacements. */
  replaced: { type: StoredArtifact['type']; from: string; to: string }[];
  /** Versions trained on it, whose weights cannot be rewritten. */
  trainedOn: { name: string; version: number }[];
  /** Its names in the sources, which still contain it. Later runs leave it out. */
  filenames: string[];
  /** Folders outside the workspace to which a Pusher copied such a model with its warm-up requests. */
  copies: string[];
}

/** Inputs come before what is made from them, since a new artifact refers to the new inputs. */
const order: StoredArtifact['type'][] = ['Examples', 'TransformGraph', 'Model'];
const rank = ({ type }: StoredArtifact) => (order.indexOf(type) + order.length + 1) % (order.length + 1);

/**
 * Removes a photo from every live artifact of the store's project: artifacts that contain it are republished without it, and the old files are deleted
 * once all of these exist. After an interruption, run it again.
 */
export async function erasePhoto(
  store: Store,
  artifacts: ArtifactStore,
  sha256: string,
  change: { who: string; why: string },
): Promise<ErasedPhoto> {
  const trainedOn = await modelsTrainedOn(store, sha256);
  const live = (await store.listArtifacts({ live: true, limit: 100_000 })).toSorted((a, b) => rank(a) - rank(b));
  const { holders, filenames } = await examplesWith(live, sha256);
  const search: Search = { store, photo: { sha256, filenames }, holders };
  const newArtifacts = republisher(store, artifacts, change);
  const replaced = new Map<StoredArtifact, StoredArtifact>();
  for (const artifact of live) {
    const inputs = await madeFrom(store, artifact);
    const write = await rewriteOf(search, artifact, inputs);
    if (!write) continue;
    const more = inputs.map((input) => ({ key: input.key, artifactId: (newOf(replaced, input) ?? input).id }));
    replaced.set(artifact, await newArtifacts.publish(withOneLess(artifact), more, write));
  }
  await newArtifacts.finish();
  for (const [from, to] of [...replaced].reverse()) {
    if (from.type === 'Model') await store.replaceModelArtifact(from.id, to.id, change);
    await artifacts.delete(from.uri);
    await store.markDeleted([from.id]);
  }
  const pairs = [...replaced].map(([from, to]) => ({ type: from.type, from: from.id, to: to.id }));
  const models = [...replaced.keys()].filter(({ type }) => type === 'Model').map(({ digest }) => digest);
  return { replaced: pairs, trainedOn, filenames, copies: await copiesOf(live, models) };
}

/** From the `pushed.json` of PushedModel artifacts. */
async function copiesOf(live: StoredArtifact[], modelDigests: string[]): Promise<string[]> {
  const pushes = live.filter(({ type }) => type === 'PushedModel').map(({ uri }) => pushedTo(uri));
  const copies = (await Promise.all(pushes)).filter(({ modelDigest }) => modelDigests.includes(modelDigest));
  return [...new Set(copies.flatMap(({ destination }) => destination ?? []))];
}

function withOneLess(artifact: StoredArtifact): StoredArtifact {
  const { type, properties } = artifact;
  if (type !== 'Examples' || typeof properties.examples !== 'number') return artifact;
  return { ...artifact, properties: { ...properties, examples: properties.examples - 1 } };
}

interface Search {
  store: Store;
  photo: NamedPhoto;
  /** Ids of the Examples artifacts that contain it. */
  holders: ReadonlySet<string>;
}

type Write = (folder: string) => Promise<void>;

/** Writes the artifact without the photo; null when it does not contain it. */
async function rewriteOf(search: Search, artifact: StoredArtifact, inputs: StoredArtifact[]): Promise<Write | null> {
  const { photo, holders } = search;
  const { uri, type, id } = artifact;
  const { sha256 } = photo;
  if (type === 'Examples') return holders.has(id) ? (folder) => examplesWithoutPhoto(uri, folder, sha256) : null;
  const examples = inputs.find((input) => input.type === 'Examples' && holders.has(input.id));
  if (type === 'TransformGraph')
    return examples ? (folder) => transformWithoutPhoto(uri, folder, sha256, examples.uri) : null;
  if (type === 'Model') {
    const transform = inputs.find((input) => input.type === 'TransformGraph' && input.deletedAt === null);
    const from: TrainedFrom | null =
      examples && transform ? { examplesUri: examples.uri, transformUri: transform.uri } : null;
    return (await modelHolds(uri, sha256, from)) ? (folder) => modelWithoutPhoto(uri, folder, sha256, from) : null;
  }
  return (await mentions(uri, photo)) ? (folder) => withoutMentions(uri, folder, photo) : null;
}

async function examplesWith(live: StoredArtifact[], sha256: string) {
  const holders = new Set<string>();
  const filenames = new Set<string>();
  for (const { id, uri } of live.filter(({ type }) => type === 'Examples')) {
    const found = (await readIndex(uri).catch(() => [])).filter((example) => example.sha256 === sha256);
    for (const { filename } of found) filenames.add(filename);
    if (found.length > 0) holders.add(id);
  }
  return { holders, filenames: [...filenames] };
}

async function madeFrom(store: Store, { executionId }: StoredArtifact): Promise<StoredArtifact[]> {
  const { inputs } = await store.executionArtifacts(executionId);
  return inputs.map(({ artifact }) => artifact);
}

function newOf(
  replaced: ReadonlyMap<StoredArtifact, StoredArtifact>,
  { id }: StoredArtifact,
): StoredArtifact | undefined {
  return [...replaced].find(([from]) => from.id === id)?.[1];
}

async function modelsTrainedOn(store: Store, sha256: string): Promise<ErasedPhoto['trainedOn']> {
  const models = await lineageOf(store, sha256).then(
    ({ models }) => models.filter(({ trainedOn }) => trainedOn),
    () => [],
  );
  return models.map(({ name, version }) => ({ name, version }));
}
