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
  says: Feedback;
  note?: string | null | undefined;
  /** The same key and words again change nothing. */
  idempotencyKey?: string | null | undefined;
}

/** Who gives feedback, by which way, and when. */
export interface FeedbackContext {
  actor: Actor;
  source: FeedbackSource;
  now: Date;
}

export interface Added {
  entry: FeedbackEntry;
  /** The very same was said under the same key before. */
  repeated: boolean;
  /** For counters: how the answer fared, or the event. */
  verdict: 'right' | 'wrong' | string;
}

/**
 * Takes what was said of answered photos, all or none. An answer of this moment may still be on its way into the log: it is waited for.
 * @throws FEEDBACK_REQUEST_UNKNOWN, FEEDBACK_PHOTO_UNNAMED, FEEDBACK_LABEL_UNKNOWN, FEEDBACK_VERDICT_UNCLEAR, FEEDBACK_KEY_REUSED
 */
export async function addFeedback(
  store: Pick<OpenStore, 'feedback' | 'findVersion' | 'audited'>,
  inputs: readonly FeedbackInput[],
  context: FeedbackContext,
  entryOf: (added: readonly Added[]) => NewAuditEntry = (added) => feedbackAdded(added, context.actor),
): Promise<Added[]> {
  const found = await findPhotos(store, inputs);
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

/** The row that is kept. @throws FEEDBACK_LABEL_UNKNOWN, FEEDBACK_VERDICT_UNCLEAR */
export function rowOf(
  { says, note = null, idempotencyKey = null }: FeedbackInput,
  photo: AnsweredPhoto,
  known: KnownLabels,
  { actor, source, now }: FeedbackContext,
): NewFeedback {
  // the original system's callers are never told "uncertain"
  const given = { ...photo, uncertain: photo.uncertain && photo.protocol !== 'original' };
  const { truth, newClass } = truthOf(says, given, known);
  return {
    request: photo.publicId,
    endpoint: photo.endpoint,
    kind: says.kind,
    label: says.kind === 'label' ? says.label : null,
    verdict: says.kind === 'verdict' ? says.verdict : null,
    event: says.kind === 'event' || says.kind === 'business' ? says.event : null,
    value: says.kind === 'business' ? says.value : null,
    truth,
    newClass,
    source,
    who: actor.name,
    note,
    requestAt: photo.loggingTime,
    at: now,
    idempotencyKey,
  };
}

function verdictOf({ kind, verdict, truth, event }: FeedbackEntry, answer: string | null | undefined): string {
  if (kind === 'business') return 'business';
  if (kind === 'event') return event!;
  return verdict ?? (truth === answer ? 'right' : 'wrong');
}

const journalMs = 3_000;

/** @throws FEEDBACK_REQUEST_UNKNOWN, FEEDBACK_PHOTO_UNNAMED */
async function findPhotos(
  { feedback }: Pick<OpenStore, 'feedback'>,
  inputs: readonly FeedbackInput[],
): Promise<{ input: FeedbackInput; photo: AnsweredPhoto }[]> {
  const names = inputs.map(({ photo }) => photo);
  const deadline = Date.now() + journalMs;
  for (;;) {
    const found = await feedback.findPhotos(names);
    const missing = names.filter((_, i) => found[i] === null);
    if (missing.length > 0 && missing.every(isOfNow) && Date.now() < deadline) {
      await wait(100);
      continue;
    }
    return inputs.map((input, i) => ({ input, photo: named(found[i] ?? null, input.photo) }));
  }
}

export function named(photo: AnsweredPhoto | 'several' | null, name: PhotoName): AnsweredPhoto {
  const said = { name: nameOf(name) };
  if (photo === null) throw new MitateError('FEEDBACK_REQUEST_UNKNOWN', said);
  if (photo === 'several') throw new MitateError('FEEDBACK_PHOTO_UNNAMED', said);
  return photo;
}

function nameOf(name: PhotoName): string {
  if ('id' in name) return name.id.slice(0, 128);
  return name.instance === null
    ? name.requestId.slice(0, 128)
    : `${name.instance} of request ${name.requestId.slice(0, 128)}`;
}

/** A UUIDv7 begins with its milliseconds: whether it was made within the last ten seconds. */
function isOfNow(name: PhotoName): boolean {
  const id = 'id' in name ? name.id : name.requestId;
  if (!/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-/i.test(id)) return false;
  const ageMs = Date.now() - Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
  return ageMs > -10_000 && ageMs < 10_000;
}
