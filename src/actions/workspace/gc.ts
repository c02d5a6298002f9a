import { readIndex } from '../../artifacts/examples/read-examples.ts';
import { embeddingCacheFolder } from '../../artifacts/transform-graph/files.ts';
import { readTransform } from '../../artifacts/transform-graph/read-transform.ts';
import type { Config } from '../../config/index.ts';
import type { StoredArtifact } from '../../contracts/artifact.ts';
import { answerSpace } from '../../inference/embeddings/answer-cache.ts';
import { type Collected, collectEmbeddings } from '../../inference/embeddings/collect-embeddings.ts';
import type { EmbeddingSpace } from '../../inference/embeddings/embedding-cache.ts';
import { collectGarbage } from '../../store/gc/collect.ts';
import { type GarbagePlan, planGarbage } from '../../store/gc/plan.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { collectPhotoCache } from '../photos/collect-cache.ts';
import { withStore } from '../with-store.ts';

export interface Garbage extends Omit<GarbagePlan, 'kept'> {
  /** Null during a run, which may need them. */
  embeddings: Collected | null;
  /** False: a dry run. */
  deleted: boolean;
}

export interface GcOptions {
  keepRuns: number;
  yes: boolean;
  /** Called with kept artifacts whose embeddings were looked up, and their number. */
  onChecked?: (done: number, total: number) => void;
  /** Called with folders deleted, and their number. */
  onDeleted?: (done: number, total: number) => void;
}

/** Finds what no kept run, model version or running step refers to; deletes it if `yes`. */
export async function collect(config: Config, options: GcOptions): Promise<Garbage> {
  return await withStore(config, { attach: options.yes ? 'server' : true }, async (store) => {
    const { kept, ...plan } = await planGarbage(store, options);
    const embeddings = await oldEmbeddings(store, kept, {
      dryRun: !options.yes,
      onChecked: options.onChecked ?? (() => {}),
    });
    if (options.yes) {
      await collectGarbage(store, { ...plan, kept }, options.onDeleted);
      await collectPhotoCache(store.workspace.cache, new Set(kept.map(({ digest }) => digest)));
    }
    return { ...plan, embeddings, deleted: options.yes };
  });
}

/** An embedding is kept while a kept TransformGraph (a prediction: a kept Model) has its space and a kept Examples artifact its photo. */
async function oldEmbeddings(
  store: Pick<OpenStore, 'access' | 'forProject' | 'workspace'>,
  kept: StoredArtifact[],
  { dryRun, onChecked }: { dryRun: boolean; onChecked: (done: number, total: number) => void },
): Promise<Collected | null> {
  if (await isRunning(store)) return null;
  const [spaces, photos] = [new Set<string>(), new Set<string>()];
  for (const [i, { type, uri, digest }] of kept.entries()) {
    onChecked(i, kept.length);
    if (type === 'TransformGraph') spaces.add(await spaceOf(uri));
    if (type === 'Model') spaces.add(nameOf(answerSpace(digest)));
    if (type === 'Examples') for (const { sha256 } of await readIndex(uri).catch(() => [])) photos.add(sha256);
  }
  if (kept.length > 0) onChecked(kept.length, kept.length);
  return await collectEmbeddings(
    embeddingCacheFolder(store.workspace.cache),
    ({ sha256 }, space) => spaces.has(nameOf(space)) && photos.has(sha256),
    { dryRun },
  );
}

/** In any project. */
async function isRunning(store: Pick<OpenStore, 'access' | 'forProject'>): Promise<boolean> {
  for (const { name } of await store.access.listProjects())
    if ((await store.forProject(name).listRuns({ state: 'running', limit: 1 })).length > 0) return true;
  return false;
}

/** Damaged artifacts need no embeddings: their runs compute them again. */
async function spaceOf(uri: string): Promise<string> {
  return await readTransform(uri).then(
    ({ backbone, transformDigest }) => nameOf({ backbone: backbone.digest, transform: transformDigest }),
    () => '',
  );
}

const nameOf = ({ backbone, transform }: Omit<EmbeddingSpace, 'size'>) => `${backbone} ${transform}`;
