import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { env } from 'onnxruntime-node';
import sharp from 'sharp';
import type { z } from 'zod';
import { requireValidData } from '../../artifacts/anomalies/require-valid-data.ts';
import { writeArtifactJson } from '../../artifacts/artifact-json.ts';
import { readIndex } from '../../artifacts/examples/read-examples.ts';
import {
  backboneFile,
  embeddingCacheFolder,
  referenceFile,
  standardiserFile,
  type TransformFile,
  transformFile,
} from '../../artifacts/transform-graph/files.ts';
import { openEmbeddings } from '../../artifacts/transform-graph/open-embeddings.ts';
import type { Backbone } from '../../backbones/backbone.ts';
import { composeEmbedder } from '../../backbones/compose.ts';
import { loadBackbone } from '../../backbones/load-backbone.ts';
import { resizedBackbone } from '../../backbones/resize-backbone.ts';
import { digestOf, sha256 } from '../../codecs/digest.ts';
import { type Split, splits } from '../../contracts/artifacts/example.ts';
import type { ContextOf, ResultOf } from '../../contracts/component.ts';
import { EmbeddingCache } from '../../inference/embeddings/embedding-cache.ts';
import { InferencePool } from '../../inference/inference-pool.ts';
import { fitStandardiser } from '../../math/stats/fit-standardiser.ts';
import { embedSplit } from './embed-photos.ts';
import { referenceActivations } from './reference-activations.ts';
import type { transformSpec } from './spec.ts';

type Context = ContextOf<typeof transformSpec>;

/** Photos in flight per process: 4 in it, the rest queued, so that one slow photo does not delay the others. */
const photosPerProcess = 8;

export async function run(context: Context): Promise<ResultOf<typeof transformSpec>> {
  const { inputs, outputs, parameters, processes, logger, signal } = context;
  if (inputs.anomalies) await requireValidData(inputs.anomalies.uri);
  const loaded = await loadBackbone(parameters.backbone, {
    ...context,
    cacheDir: join(context.cacheDir, 'Transform'),
  });
  const { inputSize } = parameters;
  const backbone = inputSize === undefined ? loaded : await resizedBackbone(loaded, inputSize);
  await using pool = await InferencePool.open({ processes, logger });
  await pool.loadEmbedder(backbone);
  const about = describe(backbone, parameters);
  // in parallel: with most embeddings in the cache, the pool would wait for the disk, and then the disk for the pool
  const activations = backbone.taps.length > 0 ? referenceOf(context, pool, backbone) : Promise.resolve(null);
  // a photo that cannot be decoded fails the embedding first, whose error names it
  activations.catch(() => {});
  const embedded = await embedAll(context, pool, about);
  const reference = await activations;
  for (const split of splits) about.counts[split] = embedded[split].photos;
  await writeArtifactJson(transformFile(outputs.transformGraph), about);
  await writeFile(backboneFile(outputs.transformGraph), backbone.bytes);
  await writeStandardiser(outputs.transformGraph, signal);
  if (reference) await writeFile(referenceFile(outputs.transformGraph), reference);
  return result(about, embedded);
}

/** Digest of the backbone's bytes: another release of Mitate may have another backbone under the same name. */
export async function fingerprint(parameters: z.output<typeof transformSpec.parameters>): Promise<string> {
  const { backbone } = parameters;
  return typeof backbone === 'string' ? (await loadBackbone(backbone)).digest : backbone.sha256;
}

function describe(backbone: Backbone, parameters: Context['parameters']): TransformFile {
  const { name, digest, taps, preprocess, embeddingSize } = backbone;
  const embedder = sha256(composeEmbedder(backbone));
  const runtime = { libvips: sharp.versions.vips, onnxruntime: env.versions.node };
  return {
    format: 'mitate-transform/1',
    backbone: { name, digest, source: sourceName(parameters.backbone), taps },
    preprocess,
    views: parameters.views,
    embeddingSize,
    transformDigest: digestOf({ embedder, preprocess, ...runtime }),
    counts: { train: 0, eval: 0, test: 0 },
  };
}

function sourceName(source: Context['parameters']['backbone']): string {
  if (typeof source === 'string') return 'built-in';
  return 'path' in source ? basename(source.path) : source.url;
}

function referenceOf({ inputs, processes, seed, signal }: Context, pool: InferencePool, backbone: Backbone) {
  const window = processes * photosPerProcess;
  return referenceActivations({ backbone, examplesUri: inputs.examples.uri, pool, window, seed, signal });
}

type Embedded = Record<Split, { photos: number; cached: number }>;

async function embedAll(context: Context, pool: InferencePool, about: TransformFile): Promise<Embedded> {
  const { inputs, outputs, processes, progress, signal } = context;
  await using cache = await EmbeddingCache.open(embeddingCacheFolder(context.cacheDir), {
    backbone: about.backbone.digest,
    transform: about.transformDigest,
    size: about.embeddingSize,
  });
  const total = (await readIndex(inputs.examples.uri)).length;
  let done = 0;
  progress(0, total, 'photos');
  const options = {
    examplesUri: inputs.examples.uri,
    outputUri: outputs.transformGraph,
    views: about.views,
    pool,
    cache,
    window: processes * photosPerProcess,
    signal,
    onPhoto: () => progress(++done, total, 'photos'),
  };
  const train = await embedSplit('train', options);
  return { train, eval: await embedSplit('eval', options), test: await embedSplit('test', options) };
}

async function writeStandardiser(uri: string, signal: AbortSignal): Promise<void> {
  const rows = openEmbeddings(uri, 'train');
  try {
    const { mean, scale } = fitStandardiser(
      rows,
      Int32Array.from({ length: rows.count * rows.views }, (_, i) => i),
      signal,
    );
    const numbers = new Float32Array(2 * rows.size);
    numbers.set(mean);
    numbers.set(scale, rows.size);
    await writeFile(standardiserFile(uri), numbers);
  } finally {
    rows.close();
  }
}

function result(about: TransformFile, embedded: Embedded): ResultOf<typeof transformSpec> {
  const photos = splits.reduce((sum, split) => sum + embedded[split].photos, 0);
  const cached = splits.reduce((sum, split) => sum + embedded[split].cached, 0);
  const { backbone, views, embeddingSize } = about;
  const inViews = views.length === 1 ? '' : ` in ${views.length} views`;
  const known = cached === 0 ? '' : `, ${cached.toLocaleString('en')} from the cache`;
  return {
    properties: {
      transformGraph: {
        backbone: backbone.name,
        backbone_digest: backbone.digest,
        views: views.join(','),
        embeddingSize,
      },
    },
    summary: `${photos.toLocaleString('en')} photos${inViews} embedded by ${backbone.name}${known}`,
  };
}
