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
import { StatCache } from '../../sources/cache/stat-cache.ts';
import { digestOfSource } from '../../sources/digest-of-source.ts';
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
  const infer = chooseSource(context);
  const refusal = (await connectedBlessings(inputs)).find(({ blessed }) => !blessed);
  if (refusal) return { absent: ['inferenceResult'], summary: `not run: the model is not blessed: ${refusal.message}` };
  await using pool = await InferencePool.open({ processes, logger });
  const signature = await pool.loadModel(modelName, inputs.model.uri);
  const options = {
    pool,
    model: modelName,
    signature,
    inFlight: 3 * processes,
    signal: context.signal,
    unlike: parameters,
  };
  const { rows, total } = await infer(options);
  const onRow = (done: number) => progress(done, total, 'photos');
  const written = await writeRows(outputs.inferenceResult, parameters.format, signature.labels, rows, onRow);
  return {
    properties: { inferenceResult: { ...written, format: parameters.format } },
    summary: `${written.photos} photos, ${written.failed} failed`,
  };
}

/** `total` 0 = unknown. */
type Infer = (options: InferOptions) => Promise<{ rows: AsyncGenerator<InferenceRow>; total: number }>;

function chooseSource({ inputs: { examples }, parameters, cacheDir }: Context): Infer {
  const { source, splits: wanted = splits } = parameters;
  if (source !== undefined) {
    const place = absolutePlace(process.cwd(), source);
    const own = join(cacheDir, 'BulkInferrer');
    return async (options) => ({ rows: inferFolder(place, { ...options, cacheDir: own }), total: 0 });
  }
  if (examples === undefined) throw new MitateError('INFERENCE_SOURCE_MISSING', {});
  return async (options) => {
    const total = (await readIndex(examples.uri)).filter(({ split }) => wanted.includes(split)).length;
    return { rows: inferPhotos(examplePhotos(examples.uri, wanted), options), total };
  };
}

async function* examplePhotos(uri: string, wanted: readonly Split[]): AsyncGenerator<PhotoToInfer> {
  for (const split of splits.filter((name) => wanted.includes(name)))
    for await (const { example, image } of readImages(uri, split))
      yield { filename: example.filename, label: example.label, read: async () => image };
}

/** Digest of the source's content; unchanged files are not read again. */
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
