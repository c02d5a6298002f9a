import { stat } from 'node:fs/promises';
import type { Config } from '../../config/index.ts';
import type { UnlikeSettings } from '../../contracts/prediction.ts';
import { InferencePool } from '../../inference/inference-pool.ts';
import {
  type InferenceRow,
  type InferOptions,
  inferFolder,
  inferPhotos,
  type PhotoToInfer,
} from '../../pipeline/bulk-inferrer/infer.ts';
import { readPhoto } from '../read-photo.ts';
import { resolveModel } from './resolve-model.ts';

export type PredictedRow = InferenceRow & { model: { name: string; version: number | null } };

/** Predictions for photos and folders of photos, in order; a file that is not a photo gets an error row. */
export async function* predict(
  config: Config,
  request: { targets: readonly string[]; model?: string; unlike: UnlikeSettings; signal: AbortSignal },
): AsyncGenerator<PredictedRow> {
  const hasFolder = (await Promise.all(request.targets.map(isFolder))).includes(true);
  const processes = hasFolder ? config.processes : Math.min(config.processes, request.targets.length);
  // the database and the process start at the same time
  const resolving = resolveModel(config, request.model);
  resolving.catch(() => {});
  await using pool = await InferencePool.open({ processes });
  const { name, version, uri } = await resolving;
  const options: InferOptions = {
    pool,
    model: name,
    signature: await pool.loadModel(name, uri),
    inFlight: 3 * processes,
    signal: request.signal,
    unlike: request.unlike,
  };
  for await (const row of rows(request.targets, options)) yield { ...row, model: { name, version } };
}

async function* rows(targets: readonly string[], options: InferOptions): AsyncGenerator<InferenceRow> {
  let files: string[] = [];
  for (const target of targets) {
    if (!(await isFolder(target))) {
      files.push(target);
      continue;
    }
    yield* inferPhotos(photos(files), options);
    files = [];
    for await (const row of inferFolder(target, options))
      yield { ...row, file: `${target.replace(/\/+$/, '')}/${row.file}` };
  }
  yield* inferPhotos(photos(files), options);
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

async function* photos(files: readonly string[]): AsyncGenerator<PhotoToInfer> {
  for (const filename of files) yield { filename, read: () => readPhoto(filename) };
}
