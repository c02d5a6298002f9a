import { setTimeout as wait } from 'node:timers/promises';
import type { Actor } from '../../contracts/actor.ts';
import type { NewAuditEntry } from '../../contracts/audit.ts';
import type {
  AnsweredPhoto,
  Feedback,
  FeedbackEntry,
  FeedbackSource,
  PhotoName,
} from '../../contracts/loop/feedback.ts';
import { MitateError } from '../../errors/index.ts';
import { type KnownLabels, truthOf } from '../../feedback/labels/truth-of.ts';
import type { NewFeedback } from '../../store/feedback/contract.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { knownLabels } from './known-labels.ts';

/** One label, verdict or event for one photo. */
export interface FeedbackInput {
  photo: PhotoName;
  feedback: Feedback;
  note?: string | null | undefined;
  /** Sitting of a user: its photos are no independent evidence. */
  session?: string | null | undefined;
  /** Repeating the same feedback with the same key changes nothing. */
  idempotencyKey?: string | null | undefined;
}

/** Who gives feedback, through which channel, and when. */
export interface FeedbackContext {
  actor: Actor;
  source: FeedbackSource;
  now: Date;
  /** Only of this endpoint: predictions of others are as unknown as if there were none. */
  endpoint?: string;
}

export interface Added {
  entry: FeedbackEntry;
  /** The same feedback was stored under the same key before. */
  repeated: boolean;
  /** For metrics: whether the prediction was right, or the event. */
  verdict: 'right' | 'wrong' | string;
}

/**
 * Stores feedback on predictions, all of it or none. Waits up to 3 s for a prediction that is not in the log yet.
 * @throws FEEDBACK_REQUEST_UNKNOWN, FEEDBACK_PHOTO_UNNAMED, FEEDBACK_LABEL_UNKNOWN, FEEDBACK_VERDICT_UNCLEAR, FEEDBACK_KEY_REUSED,
 *   FEEDBACK_TOO_MUCH
 */
export async function addFeedback(
  store: Pick<OpenStore, 'feedback' | 'findVersion' | 'audited'>,
  inputs: readonly FeedbackInput[],
  context: FeedbackContext,
  entryOf: (added: readonly Added[]) => NewAuditEntry = (added) => feedbackAdded(added, context.actor),
): Promise<Added[]> {
  const found = await findPhotos(store, inputs);
  const { endpoint } = context;
  // before their labels are looked at, which would tell of them
  for (const { input, photo } of found) if (photo.endpoint !== (endpoint ?? photo.endpoint)) named(null, input.photo);
  const known = knownLabels(store);
  const rows: NewFeedback[] = [];
  for (const { input, photo } of found) rows.push(rowOf(input, photo, await known(photo), context));
  const answers = new Map(found.map(({ photo }) => [photo.publicId, photo.label]));
  return await store.audited(async ({ feedback }) => {
    const added = await feedback.add(rows);
    return added.map(({ repeated, ...entry }) => ({
      entry,
      repeated,
      verdict: verdictOf(entry, answers.get(entry.request)),
    }));
  }, entryOf);
}

function feedbackAdded(added: readonly Added[], actor: Actor): NewAuditEntry {
  const [first, another] = added;
  const subject = first && !another ? first.entry.request : `${added.length} photos`;
  return { actor, action: 'feedback.add', subject, details: { count: added.length } };
}

/** The row to store. @throws FEEDBACK_LABEL_UNKNOWN, FEEDBACK_VERDICT_UNCLEAR */
export function rowOf(
  { feedback, note = null, session = null, idempotencyKey = null }: FeedbackInput,
  photo: AnsweredPhoto,
  known: KnownLabels,
  { actor, source, now }: FeedbackContext,
): NewFeedback {
  // the original protocol has no "uncertain" answer
  const given = { ...photo, uncertain: photo.uncertain && photo.protocol !== 'original' };
  const { truth, newClass } = truthOf(feedback, given, known);
  return {
    request: photo.publicId,
    endpoint: photo.endpoint,
    kind: feedback.kind,
    label: feedback.kind === 'label' ? feedback.label : null,
    verdict: feedback.kind === 'verdict' ? feedback.verdict : null,
    event: eventOf(feedback),
    value: feedback.kind === 'business' ? feedback.value : null,
    currency: feedback.kind === 'business' ? feedback.currency : null,
    decisionMs: feedback.kind === 'event' ? feedback.decisionMs : null,
    session,
    truth,
    newClass,
    source,
    who: actor.name,
    note,
    attributes: (feedback.kind === 'label' && feedback.attributes) || null,
    requestAt: photo.loggingTime,
    at: now,
    idempotencyKey,
  };
}

function eventOf(feedback: Feedback): string | null {
  if (feedback.kind === 'outcome') return feedback.outcome;
  return feedback.kind === 'event' || feedback.kind === 'business' ? feedback.event : null;
}

function verdictOf({ kind, verdict, truth, event }: FeedbackEntry, answer: string | null | undefined): string {
  if (kind === 'business') return 'business';
  if (kind === 'event' || kind === 'outcome') return event!;
  return verdict ?? (truth === answer ? 'right' : 'wrong');
}

const journalMs = 3_000;

/** @throws FEEDBACK_REQUEST_UNKNOWN, FEEDBACK_PHOTO_UNNAMED */
async function findPhotos(
  { feedback }: Pick<OpenStore, 'feedback'>,
  inputs: readonly FeedbackInput[],
): Promise<{ input: FeedbackInput; photo: AnsweredPhoto }[]> {
  const names = inputs.map(({ photo }) => photo);
  const deadline = performance.now() + journalMs;
  for (;;) {
    const found = await feedback.findPhotos(names);
    const missing = names.filter((_, i) => found[i] === null);
    if (missing.length > 0 && missing.every(isRecent) && performance.now() < deadline) {
      await wait(100);
      continue;
    }
    return inputs.map((input, i) => ({ input, photo: named(found[i] ?? null, input.photo) }));
  }
}

export function named(photo: AnsweredPhoto | 'several' | null, name: PhotoName): AnsweredPhoto {
  const details = { name: nameOf(name) };
  if (photo === null) throw new MitateError('FEEDBACK_REQUEST_UNKNOWN', details);
  if (photo === 'several') throw new MitateError('FEEDBACK_PHOTO_UNNAMED', details);
  return photo;
}

function nameOf(name: PhotoName): string {
  if ('id' in name) return name.id.slice(0, 128);
  return name.instance === null
    ? name.requestId.slice(0, 128)
    : `${name.instance} of request ${name.requestId.slice(0, 128)}`;
}

/** Whether a UUIDv7, which begins with its milliseconds, was made within the last ten seconds. */
function isRecent(name: PhotoName): boolean {
  const id = 'id' in name ? name.id : name.requestId;
  if (!/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-/i.test(id)) return false;
  const ageMs = Date.now() - Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
  return ageMs > -10_000 && ageMs < 10_000;
}
