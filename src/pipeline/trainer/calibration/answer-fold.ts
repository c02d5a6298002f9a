import type { EmbeddingSource } from '../../../artifacts/transform-graph/embedding-source.ts';
import { averageViews } from '../../../math/calibration/average-views.ts';
import { fitStandardiser } from '../../../math/stats/fit-standardiser.ts';
import { headLogits } from '../head/head-runner.ts';
import { trainHead } from '../head/train-head.ts';
import { sourceRows } from '../source-rows.ts';
import type { FoldPlan } from './fold-plan.ts';

/**
 * Logits of the fold's photos by a head that saw none of them, views averaged: [held, K]. Standardiser and head are fitted without the
 * fold; all epochs are run, so no photo chooses the epoch.
 * @throws TRAINING_DIVERGED, TRAINING_EMBEDDING_INVALID, CANCELLED
 */
export async function answerFold(source: EmbeddingSource, plan: FoldPlan, signal?: AbortSignal): Promise<Float64Array> {
  const { taught, targets, held, classes, config, seed, testViews } = plan;
  const views = config.trainViews === 'plain' ? [0] : Array.from({ length: source.views }, (_, view) => view);
  const standardiser = fitStandardiser(source, sourceRows(taught, source.views, views), signal);
  const training = { source, standardiser, rows: taught, targets, classes, config, seed };
  const { head } = await trainHead({ ...training, ...(signal && { signal }) });
  const logits = await headLogits(head, standardiser, source, sourceRows(held, source.views, testViews));
  return averageViews(logits, classes, testViews.length);
}
