import { and, asc, desc, eq, gte, lt, type SQL, sql } from 'drizzle-orm';
import type { Truth } from '../../contracts/loop/feedback.ts';
import { eqIf, gtIf, ltIf } from '../database/conditions.ts';
import type { RepositoryContext } from '../database/context.ts';
import { feedback } from '../database/feedback-schema.ts';
import { addMethod, toEntry } from './add.ts';
import { behaviourMethods } from './behaviour.ts';
import type { FeedbackStore } from './contract.ts';
import { findPhotosMethod } from './find-photos.ts';
import { labelMethods } from './labels.ts';
import { linkMethods } from './links.ts';
import { opinionMethods } from './opinions.ts';
import { anyUuid, isLabel, labeller, person, truthRows } from './truth.ts';

export function feedbackRepository(context: RepositoryContext): FeedbackStore {
  const { database, project } = context;
  return {
    findPhotos: findPhotosMethod(context),
    add: addMethod(context),
    ...labelMethods(context),
    ...behaviourMethods(context),
    ...opinionMethods(context),
    ...linkMethods(context),

    async list({ endpoint, request, kind, newClass, blindFor, from, to, before, after, limit = 100 } = {}) {
      const conditions: (SQL | undefined)[] = [
        eqIf(feedback.endpoint, endpoint),
        eqIf(feedback.request, request),
        eqIf(feedback.kind, kind),
        eqIf(feedback.newClass, newClass),
        from && gte(feedback.at, from),
        to && lt(feedback.at, to),
        ltIf(feedback.seq, before),
        gtIf(feedback.seq, after),
        blindFor === undefined ? undefined : sql`not ${isHiddenFrom(blindFor)}`,
      ];
      const rows = await database
        .select()
        .from(feedback)
        .where(and(eq(feedback.project, project), ...conditions))
        .orderBy(after === undefined ? desc(feedback.seq) : asc(feedback.seq))
        .limit(limit);
      return rows.map(toEntry);
    },

    async takeBack(request, who) {
      const newest = sql`(
        select max(f.seq) from feedback f
        where f.project = ${project} and f.request = ${request}::uuid and ${isLabel('f')} and ${labeller('f')} = ${person(sql`${who}::text`)})`;
      const [row] = await database
        .delete(feedback)
        .where(and(eq(feedback.source, 'queue'), sql`${feedback.seq} = ${newest}`))
        .returning();
      return row ? toEntry(row) : null;
    },

    async truths(publicIds) {
      if (publicIds.length === 0) return new Map();
      const shadows = await database.execute(sql`
        select public_id, shadow_of from fact_requests
        where project = ${project} and shadow_of is not null and public_id = ${anyUuid(publicIds)}`);
      const seenBy = new Map(shadows.rows.map((row) => [row.public_id as string, row.shadow_of as string]));
      const asked = publicIds.map((id) => seenBy.get(id) ?? id);
      const { rows } = await database.execute(truthRows(project, sql`f.request = ${anyUuid(asked)}`));
      const found = new Map(rows.map(({ request, label, weight }) => [request, { label, weight } as Truth]));
      return new Map(
        publicIds.flatMap((id): [string, Truth][] => {
          const truth = found.get(seenBy.get(id) ?? id);
          return truth ? [[id, truth]] : [];
        }),
      );
    },

    async eventsOf(publicIds) {
      if (publicIds.length === 0) return new Map();
      const { rows } = await database.execute(sql`
        select f.request as id, array_agg(f.event order by f.seq) as events from feedback f
        where f.project = ${project} and f.kind in ('event', 'business') and f.request = ${anyUuid(publicIds)}
        group by f.request`);
      return new Map(rows.map(({ id, events }) => [id as string, events as string[]]));
    },
  };
}

/** A label of somebody else on a photo that waits for the label of this labeller. */
const isHiddenFrom = (
  who: string,
) => sql`(${isLabel('feedback')} and ${labeller('feedback')} <> ${person(sql`${who}::text`)}
  and exists (select 1 from review_items i where i.request = feedback.request and i.done_at is null and i.skipped_at is null)
  and not exists (select 1 from feedback f
    where f.request = feedback.request and ${isLabel('f')} and ${labeller('f')} = ${person(sql`${who}::text`)}))`;
