import type { HeadConfig } from '../../contracts/artifacts/head-config.ts';
import { softmaxRows } from '../../math/calibration/softmax-rows.ts';
import { fitTemperature } from '../../math/calibration/temperature.ts';
import { nll } from '../../math/metrics/nll.ts';
import { photoLogits } from '../trainer/calibration/calibrate.ts';
import { crossLogits } from '../trainer/calibration/cross-validate.ts';
import { trainHead } from '../trainer/head/train-head.ts';
import type { TrainingData } from '../trainer/training-data.ts';

export interface Scoring {
  data: TrainingData;
  testViews: readonly number[];
  folds: number;
  seed: number | string;
  processes: number;
  signal: AbortSignal;
}

export interface CrossScore {
  /** Mean negative log-likelihood of the train split's out-of-fold predictions after temperature scaling, nats. */
  nll: number;
  temperature: number;
}

/** Scores a configuration on held-out train photos. The eval split is not used. */
export async function crossScore({ data, ...rest }: Scoring, config: HeadConfig): Promise<CrossScore> {
  const { source, labels, train } = data;
  const { logits } = await crossLogits({
    ...rest,
    source,
    photos: train.photos,
    targets: train.targets,
    classes: labels.length,
    groups: train.examples.map(({ group }) => group),
    config,
  });
  const { temperature, nllAfter } = fitTemperature(logits, train.targets, labels.length);
  return { nll: nllAfter, temperature };
}

/** Negative log-likelihood of the eval split for a head trained on the whole train split, at the given temperature; nats. */
export async function evalScore(scoring: Scoring, config: HeadConfig, temperature: number): Promise<number> {
  const { data, seed, processes, signal, testViews } = scoring;
  const { source, labels, train, transform } = data;
  const { head } = await trainHead({
    source,
    standardiser: transform,
    rows: train.photos,
    targets: train.targets,
    groups: train.examples.map(({ group }) => group),
    evalViews: testViews.slice(0, 1),
    classes: labels.length,
    config,
    seed: `${seed}:final`,
    processes,
    signal,
  });
  const logits = await photoLogits(data, head, data.eval, testViews);
  return nll(softmaxRows(logits, labels.length, temperature), data.eval.targets, labels.length);
}
