import type { HeadWeights } from '../../contracts/head.ts';
import type { HeadConfig } from '../../contracts/head-config.ts';
import { MitateError } from '../../errors/index.ts';
import { Batches, stepsPerEpoch } from './batches.ts';
import { diverged } from './divergence.ts';
import type { EmbeddingSource, Standardiser } from './embedding-source.ts';
import { EvalJudge } from './eval-judge.ts';
import { scheduledRate } from './schedule.ts';
import { TrainingStep } from './training-step.ts';

/** What `trainHead` is given. */
export interface HeadTraining {
  source: EmbeddingSource;
  standardiser: Standardiser;
  /** Photos of `source` to learn from (photo numbers, not row numbers), and the class 0..classes-1 of each. */
  rows: ArrayLike<number>;
  targets: ArrayLike<number>;
  classes: number;
  config: HeadConfig;
  /** Same seed, data and config: same weights to the bit. */
  seed: number | string;
  /** Photos that choose the epoch; without them all epochs are run and the last is kept. */
  evalRows?: ArrayLike<number>;
  evalTargets?: ArrayLike<number>;
  /** View indexes averaged in the eval NLL. Default `[0]`. */
  evalViews?: readonly number[];
  signal?: AbortSignal;
  onEpoch?: (epoch: EpochRecord) => void;
}

/** One line of `history.jsonl`. */
export interface EpochRecord {
  /** From 1. */
  epoch: number;
  /** Mean training loss, nats. */
  loss: number;
  /** Mean negative log-likelihood of the eval photos, nats; null without eval photos. */
  evalNll: number | null;
  /** At the epoch's last step. */
  learningRate: number;
}

export interface TrainedHead {
  head: HeadWeights;
  history: EpochRecord[];
  /** The epoch whose weights were kept, from 1. */
  bestEpoch: number;
}

/**
 * Trains a head on embeddings: each step is one run of an ONNX graph (forward, backward, AdamW) on one thread, so that the same seed,
 * data and config give the same bytes. Batches are read as they are needed; the event loop runs between steps.
 * @throws TRAINING_DIVERGED, TRAINING_EMBEDDING_INVALID, CANCELLED
 */
export async function trainHead(training: HeadTraining): Promise<TrainedHead> {
  const { config, source, classes, seed } = training;
  const batches = new Batches({ ...training, photos: training.rows });
  const stepper = await TrainingStep.open(classes, config, training.standardiser, seed);
  const judge = await EvalJudge.open(training);
  const history: EpochRecord[] = [];
  let best = { nll: Number.POSITIVE_INFINITY, epoch: 0, head: undefined as HeadWeights | undefined };
  const epochs = epochsOf(config, training.rows.length);
  const patience = Math.round((config.patience * epochs) / config.epochs);
  try {
    for (let epoch = 1; epoch <= epochs; epoch++) {
      const { loss, learningRate } = await runEpoch(training, batches, stepper, epoch);
      const head = stepper.head(source.size, classes);
      const evalNll = judge ? await judge.nll(head) : null;
      const record = { epoch, loss, evalNll, learningRate };
      history.push(record);
      training.onEpoch?.(record);
      if (evalNll === null || evalNll < best.nll) best = { nll: evalNll ?? best.nll, epoch, head };
      if (config.patience > 0 && evalNll !== null && epoch - best.epoch >= patience) break;
    }
  } finally {
    await stepper.close();
    await judge?.close();
  }
  return { head: best.head!, history, bestEpoch: best.epoch };
}

/** How many epochs are run at most: `epochs`, or so many that `minSteps` steps are taken. */
export function epochsOf({ epochs, minSteps, batchSize }: HeadConfig, photos: number): number {
  return Math.max(epochs, Math.ceil(minSteps / stepsPerEpoch(photos, batchSize)));
}

async function runEpoch(training: HeadTraining, batches: Batches, stepper: TrainingStep, epoch: number) {
  const { config } = training;
  const total = epochsOf(config, training.rows.length) * batches.stepsPerEpoch;
  let step = (epoch - 1) * batches.stepsPerEpoch;
  let sum = 0;
  let learningRate = 0;
  for (const batch of batches.epoch()) {
    if (training.signal?.aborted) throw new MitateError('CANCELLED', {});
    learningRate = scheduledRate(config.learningRate, step, total, config.warmup);
    step++;
    const loss = await stepper.run(batch, step, learningRate);
    if (!Number.isFinite(loss)) throw diverged(batch, config, epoch, step, loss);
    sum += loss * batch.photos.length;
  }
  return { loss: sum / training.rows.length, learningRate };
}
