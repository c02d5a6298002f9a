import type { EmbeddingSource } from '../../../artifacts/transform-graph/embedding-source.ts';
import { averageViews } from '../../../math/calibration/average-views.ts';
import { fitStandardiser } from '../../../math/stats/fit-standardiser.ts';
import { headLogits } from '../head/head-runner.ts';
import { trainHead } from '../head/train-head.ts';
import { sourceRows } from '../source-rows.ts';
import type { FoldPlan } from './fold-plan.ts';

/**
 * Logits of the fold's photos from a head trained without them, averaged over views: [heldOut, K]. Standardiser and head are fitted without the
 * fold; all epochs are run, so no photo chooses the epoch.
 * @throws TRAINING_DIVERGED, TRAINING_EMBEDDING_INVALID, CANCELLED
 */
export async function predictFold(
  source: EmbeddingSource,
  plan: FoldPlan,
  signal?: AbortSignal,
): Promise<Float64Array> {
  const { train, targets, groups, heldOut, classes, config, seed, testViews } = plan;
  const views = config.trainViews === 'plain' ? [0] : Array.from({ length: source.views }, (_, view) => view);
  const standardiser = fitStandardiser(source, sourceRows(train, source.views, views), signal);
  const evalViews = testViews.slice(0, 1);
  const training = { source, standardiser, rows: train, targets, groups, classes, config, seed, evalViews };
  const { head } = await trainHead({ ...training, ...(signal && { signal }) });
  const logits = await headLogits(head, standardiser, source, sourceRows(heldOut, source.views, testViews));
  return averageViews(logits, classes, testViews.length);
}
