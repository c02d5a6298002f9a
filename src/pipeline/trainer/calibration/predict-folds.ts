import type { EmbeddingFiles, EmbeddingSource } from '../../../artifacts/transform-graph/embedding-source.ts';
import { TrainingProcess } from '../process/training-process.ts';
import type { FoldPlan } from './fold-plan.ts';
import { predictFold } from './predict-fold.ts';

interface FoldOptions {
  source: EmbeddingSource;
  /** Default 1. */
  processes?: number;
  signal?: AbortSignal;
}

/** Predicts each fold, in separate processes if several are allowed and the embeddings are in files. `onFold` gets the fold's number and its logits. */
export async function predictFolds(
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
