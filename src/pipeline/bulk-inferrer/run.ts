import { join } from 'node:path';
import type { z } from 'zod';
import { connectedBlessings } from '../../artifacts/blessing/files.ts';
import { readImages, readIndex } from '../../artifacts/examples/read-examples.ts';
import { digestOf } from '../../codecs/digest.ts';
import { type Split, splits } from '../../contracts/artifacts/example.ts';
import type { ContextOf, ResultOf } from '../../contracts/component.ts';
import { MitateError } from '../../errors/index.ts';
import { InferencePool } from '../../inference/inference-pool.ts';
import { absolutePlace } from '../../network/bucket/place.ts';
import { StatCache } from '../sources/cache/stat-cache.ts';
import { digestOfSource } from '../sources/digest-of-source.ts';
import { type InferenceRow, type InferOptions, inferFolder, inferPhotos, type PhotoToInfer } from './infer.ts';
import type { bulkInferrerSpec } from './spec.ts';
import { writeRows } from './write-rows.ts';

type Spec = typeof bulkInferrerSpec;
type Context = ContextOf<Spec>;
type Parameters = z.output<Spec['parameters']>;

const modelName = 'model';

/** @throws INFERENCE_SOURCE_MISSING, SOURCE_*, MODEL_*, CANCELLED */
export async function run(context: Context): Promise<ResultOf<Spec>> {
  const { inputs, outputs, parameters, logger, processes, progress } = context;
  if (parameters.source === undefined && inputs.examples === undefined)
    throw new MitateError('INFERENCE_SOURCE_MISSING', {});
  const refused = (await connectedBlessings(inputs)).find(({ blessed }) => !blessed);
  if (refused)
    return { absent: ['inferenceResult'], summary: `not answered: the model is not blessed: ${refused.message}` };
  await using pool = await InferencePool.open({ processes, logger });
  const signature = await pool.loadModel(modelName, inputs.model.uri);
  const options = { pool, model: modelName, signature, inFlight: 3 * processes, signal: context.signal };
  const { rows, total } = await rowsOf(context, options);
  const onRow = (done: number) => progress(done, total, 'photos');
  const written = await writeRows(outputs.inferenceResult, parameters.format, signature.labels, rows, onRow);
  const { photos, failed } = written;
  return {
    properties: { inferenceResult: { photos, failed, format: parameters.format } },
    summary: `${photos} photos, ${failed} without an answer`,
  };
}

async function rowsOf(
  { inputs, parameters, cacheDir }: Context,
  options: InferOptions,
): Promise<{ rows: AsyncGenerator<InferenceRow>; total: number }> {
  if (parameters.source !== undefined) {
    const rows = inferFolder(absolutePlace(process.cwd(), parameters.source), {
      ...options,
      cacheDir: join(cacheDir, 'BulkInferrer'),
    });
    return { rows, total: 0 };
  }
  const { uri } = inputs.examples!;
  const wanted = parameters.splits ?? splits;
  const total = (await readIndex(uri)).filter(({ split }) => wanted.includes(split)).length;
  return { rows: inferPhotos(photosOf(uri, wanted), options), total };
}

async function* photosOf(uri: string, wanted: readonly Split[]): AsyncGenerator<PhotoToInfer> {
  for (const split of splits.filter((name) => wanted.includes(name)))
    for await (const { example, image } of readImages(uri, split))
      yield { filename: example.filename, label: example.label, read: async () => image };
}

/** Content of the source, for the cache key; unchanged files are not read again. */
export async function fingerprint(
  { source }: Parameters,
  { cacheDir, signal }: { cacheDir: string; signal: AbortSignal },
): Promise<string> {
  if (source === undefined) return digestOf(null);
  const own = join(cacheDir, 'BulkInferrer');
  const stats = await StatCache.open(own);
  try {
    return await digestOfSource(
      absolutePlace(process.cwd(), source),
      { labels: 'optional', cacheDir: own, signal },
      stats,
      signal,
    );
  } finally {
    await stats.save();
  }
}
