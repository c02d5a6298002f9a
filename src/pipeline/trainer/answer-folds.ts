import { answerFold, type FoldPlan } from './answer-fold.ts';
import type { EmbeddingFiles, EmbeddingSource } from './embedding-source.ts';
import { TrainingThread } from './thread/training-thread.ts';

interface Threading {
  source: EmbeddingSource;
  /** Default 1. */
  threads?: number;
  signal?: AbortSignal;
}

/** Answers each fold, in threads when there are several and the embeddings lie in files. `onFold` gets the fold's number and its logits. */
export async function answerFolds(
  { source, threads = 1, signal }: Threading,
  plans: readonly FoldPlan[],
  onFold: (fold: number, logits: Float64Array) => void,
): Promise<void> {
  const waiting = plans.entries();
  const work = async (answer: (plan: FoldPlan) => Promise<Float64Array>) => {
    for (const [fold, plan] of waiting) onFold(fold, await answer(plan));
  };
  const { files } = source;
  const used = Math.min(threads, plans.length);
  if (!files || used < 2) return work((plan) => answerFold(source, plan, signal));
  await Promise.all(Array.from({ length: used }, () => workAway(files, signal, work)));
}

async function workAway(
  files: EmbeddingFiles,
  signal: AbortSignal | undefined,
  work: (answer: (plan: FoldPlan) => Promise<Float64Array>) => Promise<void>,
): Promise<void> {
  const thread = new TrainingThread(signal);
  try {
    await work((plan) => thread.ask({ kind: 'fold', files, plan }));
  } finally {
    await thread.close();
  }
}
