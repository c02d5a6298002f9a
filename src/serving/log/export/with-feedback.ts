import type { LoggedRequest } from '../../../contracts/request-record.ts';
import type { FeedbackStore } from '../../../store/feedback/contract.ts';
import type { ExportedRequest } from './columns.ts';

/** Adds the feedback so far, a page at a time. */
export async function* withFeedback(
  pages: AsyncIterable<LoggedRequest[]>,
  feedback: Pick<FeedbackStore, 'truths' | 'eventsOf'>,
): AsyncGenerator<ExportedRequest[]> {
  for await (const page of pages) {
    const ids = page.map(({ publicId }) => publicId);
    const [truths, events] = [await feedback.truths(ids), await feedback.eventsOf(ids)];
    yield page.map((request) => ({
      ...request,
      truth: truths.get(request.publicId) ?? null,
      events: events.get(request.publicId) ?? [],
    }));
  }
}
