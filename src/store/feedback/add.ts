import { and, eq, inArray, sql } from 'drizzle-orm';
import { type FeedbackEntry, type FeedbackSource, isLabel, publicSources } from '../../contracts/loop/feedback.ts';
import { MitateError } from '../../errors/index.ts';
import type { Transaction } from '../database/connect.ts';
import type { RepositoryContext } from '../database/context.ts';
import { feedback } from '../database/feedback-schema.ts';
import type { FeedbackStore, NewFeedback } from './contract.ts';
import { anyUuid, isPublic, labellersOf } from './truth.ts';

type Row = typeof feedback.$inferSelect;

export function addMethod({ database, project }: RepositoryContext): FeedbackStore['add'] {
  return async (entries) => {
    if (entries.length === 0) return [];
    return await database.transaction(async (tx) => {
      const added = await addAll(tx, project, entries);
      await refuseTooMuch(tx, entries);
      await endWaiting(tx, project, added);
      return added;
    });
  };
}

/** Entries per photo from public sources: without it, a stranger could fill the database. Labellers are not kept out by what strangers said. */
const mostOfPhoto = 200;

const isStranger = (source: FeedbackSource) => publicSources.some((each) => each === source);

async function refuseTooMuch(tx: Transaction, entries: readonly NewFeedback[]): Promise<void> {
  const strange = entries.filter(({ source }) => isStranger(source));
  const ids = [...new Set(strange.map(({ request }) => request))];
  if (ids.length === 0) return;
  const { rows } = await tx.execute(sql`
    select f.request from feedback f where f.request = ${anyUuid(ids)} and ${isPublic('f')}
    group by f.request having count(*) > ${mostOfPhoto} limit 1`);
  const request = rows[0]?.request as string | undefined;
  if (request !== undefined) throw new MitateError('FEEDBACK_TOO_MUCH', { request, max: mostOfPhoto });
}

/** One parameter for all rows: with one per value, 1,000 rows took ten times as long. */
async function addAll(tx: Transaction, project: string, entries: readonly NewFeedback[]) {
  const { rows } = await tx.execute(sql`
    insert into feedback (project, request, endpoint, kind, label, truth, new_class, verdict, event, value, currency, decision_ms, session,
      source, who, note, attributes, request_at, at, idempotency_key)
    select ${project}, e.* from json_to_recordset(${JSON.stringify(entries.map(inColumns))}::json) as e(request uuid, endpoint text, kind text,
      label text, truth text, new_class boolean, verdict text, event text, value float8,
      currency text, decision_ms float8, session text, source text, who text, note text, attributes jsonb,
      request_at timestamptz, at timestamptz, idempotency_key text)
    on conflict (project, who, idempotency_key) do nothing
    returning seq, request, idempotency_key`);
  const isWhole = rows.length === entries.length;
  const before = isWhole ? new Map<string, Row>() : await saidBefore(tx, project, entries);
  let next = 0;
  return entries.map((entry) => {
    // rows are returned in the order given, without those of known keys
    const row = rows[next];
    if (row && row.request === entry.request && row.idempotency_key === entry.idempotencyKey) {
      next++;
      const { idempotencyKey: _, ...fields } = entry;
      return { ...absent, ...fields, seq: Number(row.seq), repeated: false };
    }
    return { ...toEntry(sameAs(entry, before.get(keyOf(entry)))), repeated: true };
  });
}

const absent = { currency: null, decisionMs: null, session: null, attributes: null };

const inColumns = ({ newClass, requestAt, idempotencyKey, decisionMs, ...fields }: NewFeedback) => ({
  ...fields,
  new_class: newClass,
  decision_ms: decisionMs,
  request_at: requestAt,
  idempotency_key: idempotencyKey,
});

const keyOf = ({ who, idempotencyKey }: { who: string; idempotencyKey: string | null }) => `${who}\n${idempotencyKey}`;

async function saidBefore(
  tx: Transaction,
  project: string,
  entries: readonly NewFeedback[],
): Promise<Map<string, Row>> {
  const keys = entries.flatMap(({ idempotencyKey }) => idempotencyKey ?? []);
  // without these conditions the whole index of the keys is read
  const speakers = [...new Set(entries.map(({ who }) => who))];
  const rows = await tx
    .select()
    .from(feedback)
    .where(and(eq(feedback.project, project), inArray(feedback.who, speakers), inArray(feedback.idempotencyKey, keys)));
  return new Map(rows.map((row) => [keyOf(row), row]));
}

function sameAs(entry: NewFeedback, row: Row | undefined): Row {
  const contentOf = ({ request, kind, label, newClass, verdict, event, value, ...more }: NewFeedback | Row) => {
    const { currency = null, decisionMs = null, session = null, attributes } = more;
    const words = [request, kind, label, newClass, verdict, event, value, currency, decisionMs, session];
    return JSON.stringify([...words, attributes?.severity, attributes?.alsoShows]);
  };
  if (row && contentOf(row) === contentOf(entry)) return row;
  throw new MitateError('FEEDBACK_KEY_REUSED', { key: entry.idempotencyKey ?? '' });
}

async function endWaiting(tx: Transaction, project: string, added: readonly FeedbackEntry[]): Promise<void> {
  // a stranger keeps no photo from its reviewers
  const labels = added.filter((entry) => isLabel(entry) && !isStranger(entry.source));
  const [first] = labels;
  if (first === undefined) return;
  const speakers = [...new Set(labels.map(({ who }) => who))];
  const ofThese = sql`i.project = ${project} and i.done_at is null and i.request = ${anyUuid(labels.map(({ request }) => request))}`;
  await tx.execute(sql`
    update review_items i set done_at = ${first.at.toISOString()}::timestamptz, claimed_by = null, claimed_until = null
    where ${ofThese} and (${labellersOf(sql`i.request`)} >= coalesce(i.opinions, 1)
      or exists (select 1 from feedback f where f.request = i.request and f.source = 'adjudication'))`);
  await tx.execute(sql`
    update review_items i set claimed_by = null, claimed_until = null
    where ${ofThese} and i.claimed_by in (select json_array_elements_text(${JSON.stringify(speakers)}::json))`);
}

export function toEntry({ project: _project, idempotencyKey: _key, ...entry }: Row): FeedbackEntry {
  return entry;
}
