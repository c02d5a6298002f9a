import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeArtifactJson } from '../../../artifacts/artifact-json.ts';
import type { HeadConfig } from '../../../contracts/artifacts/head-config.ts';
import type { Calibration } from '../calibration/calibrate.ts';
import type { EvalMetrics } from '../eval-metrics.ts';
import type { TrainedHead } from '../head/train-head.ts';
import type { EvalHalves } from '../split-eval.ts';

export interface RunFacts {
  config: HeadConfig;
  trained: TrainedHead;
  calibration: Calibration;
  metrics: EvalMetrics | null;
  halves: EvalHalves;
  seed: number;
}

/** The ModelRun artifact: `history.jsonl`, one line per epoch; `config.json`; `run.json`, the final metrics. */
export async function writeRun(uri: string, { config, trained, calibration, metrics, halves, seed }: RunFacts) {
  const { ridge: penalty, ...rest } = config;
  const used = config.kind === 'ridge' ? { ...rest, ridge: trained.ridge?.strength ?? penalty } : rest;
  const lines = trained.history.map((record) => `${JSON.stringify(record)}\n`);
  await writeFile(join(uri, 'history.jsonl'), lines.join(''));
  await writeArtifactJson(join(uri, 'config.json'), { ...used, seed });
  await writeArtifactJson(join(uri, 'run.json'), {
    epochs: trained.history.length,
    bestEpoch: trained.bestEpoch,
    stoppingPhotos: halves.stopping.photos.length,
    calibration,
    eval: metrics,
  });
}
