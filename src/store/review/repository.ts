import { and, desc, eq, gte, isNotNull, isNull, sql } from 'drizzle-orm';
import type { ReviewItem } from '../../contracts/loop/review.ts';
import { chunks } from '../database/chunks.ts';
import type { RepositoryContext } from '../database/context.ts';
import { reviewFills, reviewItems } from '../database/feedback-schema.ts';
import { onlyRow } from '../database/only-row.ts';
import { anyUuid, isLabel, labeller, person } from '../feedback/truth.ts';
import type { ReviewFilter, ReviewStore } from './contract.ts';
import { itemRows, toItem } from './items.ts';
import { candidateColumns, itsRequest, newPictures, toCandidate } from './new-pictures.ts';

const states = {
  waiting: sql`i.done_at is null and i.skipped_at is null`,
  done: sql`i.done_at is not null`,
  skipped: sql`i.done_at is null and i.skipped_at is not null`,
};

export function reviewRepository({ database, project }: RepositoryContext): ReviewStore {
  const get = async (request: string): Promise<ReviewItem | null> => {
    if (!/^[0-9a-f-]{36}$/i.test(request)) return null;
    const { rows } = await database.execute(itemRows(project, sql`i.request = ${request}::uuid`, 1));
    return rows[0] ? toItem(rows[0]) : null;
  };

  const among = ({ endpoint, state = 'waiting' }: ReviewFilter) =>
    sql`${states[state]} and ${endpoint === undefined ? sql`true` : sql`i.endpoint = ${endpoint}`}`;

  return {
    get,

    async list({ limit = 100, ...filter } = {}) {
      const { rows } = await database.execute(itemRows(project, among(filter), limit));
      return rows.map(toItem);
    },

    async count({ limit = 100, ...filter } = {}) {
      const found = sql`select 1 from review_items i where i.project = ${project} and ${among(filter)} limit ${limit}`;
      const { rows } = await database.execute(sql`select count(*)::int as count from (${found}) f`);
      return onlyRow(rows).count as number;
    },

    async claim(who, { endpoint, now, until, count = 1 }) {
      const ofEndpoint = endpoint === undefined ? sql`true` : sql`i.endpoint = ${endpoint}`;
      const nowSql = sql`${now.toISOString()}::timestamptz`;
      const { rows } = await database.execute(sql`
        update review_items set claimed_by = ${who}, claimed_until = ${until.toISOString()}::timestamptz
        where request in (
          select i.request from review_items i join fact_requests f on f.public_id = i.request
          where i.project = ${project} and ${states.waiting} and ${ofEndpoint} and f.image_kept
            and not exists (select 1 from feedback f where f.request = i.request and ${isLabel('f')} and ${labeller('f')} = ${person(sql`${who}::text`)})
            and (i.claimed_until is null or i.claimed_until <= ${nowSql} or i.claimed_by = ${who})
          order by i.claimed_by = ${who} and i.claimed_until > ${nowSql} desc nulls last, i.worth desc, i.request limit ${count}
          for update of i skip locked)
        returning request`);
      if (rows.length === 0) return [];
      const claimed = await database.execute(
        itemRows(project, sql`i.request = ${anyUuid(rows.map(({ request }) => request as string))}`, count),
      );
      return claimed.rows.map(toItem);
    },

    async reopen(request, who, until) {
      const open = { doneAt: null, skippedAt: null, claimedBy: who, claimedUntil: until };
      await database
        .update(reviewItems)
        .set(open)
        .where(and(eq(reviewItems.project, project), eq(reviewItems.request, request)));
      return (await get(request))!;
    },

    async skip(request, at) {
      const skipped = await database
        .update(reviewItems)
        .set({ skippedAt: at, claimedBy: null, claimedUntil: null })
        .where(
          and(
            eq(reviewItems.project, project),
            eq(reviewItems.request, request),
            isNull(reviewItems.doneAt),
            isNull(reviewItems.skippedAt),
          ),
        )
        .returning({ request: reviewItems.request });
      return skipped.length > 0;
    },

    async lastFill(endpoint) {
      const [row] = await database
        .select()
        .from(reviewFills)
        .where(and(eq(reviewFills.project, project), eq(reviewFills.endpoint, endpoint), isNotNull(reviewFills.at)))
        .orderBy(desc(reviewFills.windowEnd))
        .limit(1);
      if (!row) return null;
      const { windowStart: start, windowEnd: end, project: _project, ...fill } = row;
      return { ...fill, start, end };
    },

    async queuedSince(endpoint, time) {
      const ofEndpoint = and(eq(reviewItems.project, project), eq(reviewItems.endpoint, endpoint));
      return await database.$count(reviewItems, and(ofEndpoint, gte(reviewItems.queuedAt, time)));
    },

    async look(window, { since, draw, seed, each }) {
      return await database.transaction(async (tx) => {
        await tx.execute(sql`create temporary table fresh on commit drop as ${newPictures(project, window, since)}`);
        const counted = await tx.execute(sql`select count(*)::int as pictures from fresh where is_new`);
        const drawn = await tx.execute(sql`
          select ${candidateColumns} from (
            select *, md5(${seed} || picture) as lot from fresh where is_new and image_kept order by lot limit ${draw}) a
          ${itsRequest} order by a.lot`);
        const weighed = await tx.execute(sql`
          with weighed as (select ${candidateColumns} from fresh a ${itsRequest} where a.image_kept)
          (select * from weighed order by uncertain desc, margin limit ${each}) union
          (select * from weighed where disagreement > 0 order by disagreement desc limit ${each}) union
          (select * from weighed where out_of_distribution order by out_of_distribution_score desc limit ${each}) union
          (select * from weighed order by margin desc limit ${each})`);
        const pictures = onlyRow(counted.rows).pictures as number;
        return { pictures, drawn: drawn.rows.map(toCandidate), candidates: weighed.rows.map(toCandidate) };
      });
    },

    async fill({ start, end, ...fill }, items) {
      return await database.transaction(async (tx) => {
        const begun = await tx
          .insert(reviewFills)
          .values({ ...fill, project, windowStart: start, windowEnd: end })
          .onConflictDoNothing()
          .returning({ at: reviewFills.at });
        if (begun.length === 0) return false;
        const { endpoint, at: queuedAt } = fill;
        for (const some of chunks(items))
          await tx
            .insert(reviewItems)
            .values(some.map((item) => ({ ...item, project, endpoint, queuedAt })))
            .onConflictDoNothing();
        return true;
      });
    },
  };
}
