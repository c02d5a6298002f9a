import type { FeedbackEntry, LabelDelay } from '../../contracts/loop/feedback.ts';
import type { FeedbackFilter } from '../../store/feedback/contract.ts';
import type { OpenStore } from '../../store/open-store.ts';

/** Newest first, corrected entries included. */
export async function listFeedback(
  { feedback }: Pick<OpenStore, 'feedback'>,
  filter: FeedbackFilter,
): Promise<FeedbackEntry[]> {
  return await feedback.list(filter);
}

/** How long labels took to arrive, for predictions of that period. */
export async function labelDelay(
  { feedback }: Pick<OpenStore, 'feedback'>,
  filter: { endpoint?: string; from?: Date; to?: Date },
): Promise<LabelDelay> {
  return await feedback.delay(filter);
}
