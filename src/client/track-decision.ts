import type { UserDecision } from '../contracts/loop/behaviour.ts';
import type { Resources } from './resources.ts';

/** Reports a decision of the user, with the time since the answer was shown. */
export type Decide = (event: UserDecision) => Promise<void>;

/**
 * Reports that the answer is on the screen.
 * @param shown.session name of the user's sitting, which may have several photos
 */
export async function trackDecision(
  client: Pick<Resources, 'feedback'>,
  { id, session = null }: { id: string; session?: string | null | undefined },
): Promise<Decide> {
  const shownAt = performance.now();
  await client.feedback.add({ id, session, kind: 'event', event: 'shown' });
  return async (event) => {
    const decisionMs = performance.now() - shownAt;
    await client.feedback.add({ id, session, kind: 'event', event, decisionMs });
  };
}
