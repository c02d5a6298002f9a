import type { EmbeddingFiles, EmbeddingSource } from '../../../artifacts/transform-graph/embedding-source.ts';
import { TrainingProcess } from '../process/training-process.ts';
import { answerFold } from './answer-fold.ts';
import type { FoldPlan } from './fold-plan.ts';

interface Spreading {
  source: EmbeddingSource;
  /** Default 1. */
  processes?: number;
  signal?: AbortSignal;
}

/** Answers each fold, in processes of their own when there may be several and the embeddings lie in files. `onFold` gets the fold's number and its logits. */
export async function answerFolds(
  { source, processes = 1, signal }: Spreading,
  plans: readonly FoldPlan[],
  onFold: (fold: number, logits: Float64Array) => void,
): Promise<void> {
  const waiting = plans.entries();
  const work = async (answer: (plan: FoldPlan) => Promise<Float64Array>) => {
    for (const [fold, plan] of waiting) onFold(fold, await answer(plan));
  };
  const { files } = source;
  const used = Math.min(processes, plans.length);
  if (!files || used < 2) return work((plan) => answerFold(source, plan, signal));
  await Promise.all(Array.from({ length: used }, () => workAway(files, signal, work)));
}

async function workAway(
  files: EmbeddingFiles,
  signal: AbortSignal | undefined,
  work: (answer: (plan: FoldPlan) => Promise<Float64Array>) => Promise<void>,
): Promise<void> {
  const child = new TrainingProcess(signal);
  try {
    await work((plan) => child.ask({ kind: 'fold', files, plan }));
  } finally {
    await child.close();
  }
}
