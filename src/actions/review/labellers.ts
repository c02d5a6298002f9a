import type { Actor } from '../../contracts/actor.ts';
import type { Agreement, Dispute, Labeller } from '../../contracts/loop/labellers.ts';
import { agreementOf } from '../../feedback/labels/agreement.ts';
import { labellerAccuracy } from '../../feedback/labels/labeller-accuracy.ts';
import type { PeriodFilter } from '../../store/feedback/contract.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { type Added, addFeedback } from '../feedback/add.ts';
import type { Labelling } from './review.ts';

type Store = Pick<OpenStore, 'feedback'>;

/** How far labellers agree on predictions of a period, by endpoint. */
export async function labelAgreement({ feedback }: Store, filter: PeriodFilter): Promise<Agreement[]> {
  return agreementOf(await feedback.opinions(filter));
}

/** Photos on which labellers disagree, newest first, unless their labellers are not complete yet. */
export async function listDisputes({ feedback }: Store, filter: PeriodFilter & { limit: number }): Promise<Dispute[]> {
  return (await feedback.disputes(filter)).map(({ opinions, ...photo }) => {
    const labels = [...Map.groupBy(opinions, ({ label }) => label)]
      .map(([label, same]) => ({ label, labellers: same.map(({ who }) => who).sort() }))
      .sort((a, b) => b.labellers.length - a.labellers.length || (a.label < b.label ? -1 : 1));
    const said = labels.map(({ label, labellers }) => `${labellers.length} "${label}"`).join(', ');
    return { ...photo, labels, reason: `${opinions.length} labellers disagree: ${said}` };
  });
}

/** How often each labeller, by source, was right on photos with a known label. */
export async function listLabellers({ feedback }: Store, filter: PeriodFilter): Promise<Labeller[]> {
  return (await feedback.labellers(filter)).map(labellerAccuracy);
}

/**
 * Decides what a photo shows: this label counts before all others, until the next decision.
 * @throws FEEDBACK_LABEL_UNKNOWN, FEEDBACK_REQUEST_UNKNOWN
 */
export async function adjudicate(
  store: Pick<OpenStore, 'feedback' | 'findVersion' | 'audited'>,
  request: string,
  { label, newClass = false, note, attributes }: Labelling,
  { actor, now }: { actor: Actor; now: Date },
): Promise<Added> {
  const input = { photo: { id: request }, feedback: { kind: 'label' as const, label, newClass, attributes }, note };
  const entry = { actor, action: 'review.adjudicate', subject: request, details: { label } } as const;
  const [added] = await addFeedback(store, [input], { actor, now, source: 'adjudication' }, () => entry);
  return added!;
}
