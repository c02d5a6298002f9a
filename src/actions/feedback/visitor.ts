import type { z } from 'zod';
import type { Actor } from '../../contracts/actor.ts';
import type { visitorFeedbackSchema } from '../../contracts/api/endpoints.ts';
import type { Feedback } from '../../contracts/loop/feedback.ts';
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
  // of this answer alone: another key that is equal tells nothing
  const key = idempotencyKey === undefined ? null : `${id} ${idempotencyKey}`;
  const input = { photo: { id }, feedback, note, idempotencyKey: key };
  const [added] = await addFeedback(store, [input], { actor, source: 'widget', now, endpoint });
  return added?.repeated ?? false;
}
