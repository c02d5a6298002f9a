import type { z } from 'zod';
import type { Actor } from '../../contracts/actor.ts';
import type { visitorFeedbackSchema } from '../../contracts/api/endpoints.ts';
import type { Feedback } from '../../contracts/loop/feedback.ts';
import { MitateError } from '../../errors/index.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { addFeedback } from './add.ts';

/** What a visitor of an endpoint says about an answer that it gave them. @returns it was said before @throws FEEDBACK_* */
export async function addVisitorFeedback(
  store: Pick<OpenStore, 'feedback' | 'findVersion' | 'audited'>,
  endpoint: string,
  { id, verdict, label, note, idempotencyKey }: z.output<typeof visitorFeedbackSchema>,
  { actor, now }: { actor: Actor; now: Date },
): Promise<boolean> {
  const feedback: Feedback =
    label === undefined ? { kind: 'verdict', verdict: verdict! } : { kind: 'label', label, newClass: false };
  const input = { photo: { id }, feedback, note, idempotencyKey: idempotencyKey ?? null };
  const [added] = await addFeedback(store, [input], { actor, source: 'widget', now }, ([first]) => {
    // of another endpoint, which is perhaps not public: as if there were none
    if (first?.entry.endpoint !== endpoint) throw new MitateError('FEEDBACK_REQUEST_UNKNOWN', { name: id });
    return { actor, action: 'feedback.add', subject: id, details: { count: 1 } };
  });
  return added?.repeated ?? false;
}
