import type { EmbeddingFiles, EmbeddingSource } from '../../../artifacts/transform-graph/embedding-source.ts';
import type { HeadConfig } from '../../../contracts/artifacts/head-config.ts';
import { groupedFolds } from '../../../math/stats/grouped-folds.ts';
import { TrainingProcess } from '../process/training-process.ts';
import type { FoldPlan } from './fold-plan.ts';
import { predictFold } from './predict-fold.ts';

interface FoldOptions {
  source: EmbeddingSource;
  /** Default 1. */
  processes?: number;
  signal?: AbortSignal;
}

export interface CrossValidation {
  source: EmbeddingSource;
  /** Photo numbers in the source. Default: all of them, in order. */
  photos?: ArrayLike<number>;
  /** Class 0..classes-1 of each photo. */
  targets: ArrayLike<number>;
  classes: number;
  /** Group of each photo; a group never crosses folds. */
  groups: readonly string[];
  folds: number;
  config: HeadConfig;
  seed: number | string;
  /** View indexes averaged at test. Default `[0]`. */
  testViews?: readonly number[];
  /** Processes that train folds in parallel; the result does not depend on it. Default 1. */
  processes?: number;
  signal?: AbortSignal;
  onFold?: (done: number, total: number) => void;
}

/**
 * Logits of every photo, averaged over views, from a head trained without it and its group: [photos, K]. Standardiser and head are fitted
 * without the fold; all epochs are run, so no photo chooses the epoch.
 * @returns also the fold that held out each photo
 * @throws TRAINING_DIVERGED, TRAINING_EMBEDDING_INVALID, CANCELLED
 */
export async function crossLogits(options: CrossValidation): Promise<{ logits: Float64Array; folds: Int32Array }> {
  const { targets, groups, classes } = options;
  const folds = groupedFolds(Array.from(targets, String), groups, options.folds, `${options.seed}:folds`);
  const logits = new Float64Array(targets.length * classes);
  const present = Array.from({ length: options.folds }, (_, fold) => fold).filter((fold) => folds.includes(fold));
  let done = 0;
  await predictFolds(
    options,
    present.map((fold) => foldPlan(options, folds, fold)),
    (i, answers) => {
      copyPhotos(
        photosWhere(folds, (fold) => fold === present[i]),
        answers,
        logits,
      );
      options.onFold?.(++done, present.length);
    },
  );
  return { logits, folds };
}

function foldPlan(options: CrossValidation, folds: Int32Array, fold: number): FoldPlan {
  const { targets, classes, config, seed, testViews = [0] } = options;
  const inSource = (photo: number) => options.photos?.[photo] ?? photo;
  const train = photosWhere(folds, (other) => other !== fold);
  return {
    train: train.map(inSource),
    targets: train.map((photo) => targets[photo]!),
    groups: Array.from(train, (photo) => options.groups[photo]!),
    heldOut: photosWhere(folds, (other) => other === fold).map(inSource),
    classes,
    config,
    seed: `${seed}:fold${fold}`,
    testViews,
  };
}

function photosWhere(folds: Int32Array, test: (fold: number) => boolean): Int32Array {
  return Int32Array.from([...folds.keys()].filter((photo) => test(folds[photo]!)));
}

/** Copies the block of each photo in `from` to the photo's place in `to`. */
function copyPhotos(photos: Int32Array, from: Float64Array, to: Float64Array): void {
  const width = from.length / photos.length;
  photos.forEach((photo, i) => {
    to.set(from.subarray(i * width, (i + 1) * width), photo * width);
  });
}

/** Predicts each fold, in separate processes if several are allowed and the embeddings are in files. `onFold` gets the fold's number and its logits. */
async function predictFolds(
  { source, processes = 1, signal }: FoldOptions,
  plans: readonly FoldPlan[],
  onFold: (fold: number, logits: Float64Array) => void,
): Promise<void> {
  const waiting = plans.entries();
  const work = async (predict: (plan: FoldPlan) => Promise<Float64Array>) => {
    for (const [fold, plan] of waiting) onFold(fold, await predict(plan));
  };
  const { files } = source;
  const used = Math.min(processes, plans.length);
  if (!files || used < 2) return work((plan) => predictFold(source, plan, signal));
  await Promise.all(Array.from({ length: used }, () => workInChildProcess(files, signal, work)));
}

async function workInChildProcess(
  files: EmbeddingFiles,
  signal: AbortSignal | undefined,
  work: (predict: (plan: FoldPlan) => Promise<Float64Array>) => Promise<void>,
): Promise<void> {
  const child = new TrainingProcess(signal);
  try {
    await work((plan) => child.ask({ kind: 'fold', files, plan }));
  } finally {
    await child.close();
  }
}
