import { and, desc, eq, lt, type SQL, sql } from 'drizzle-orm';
import type { Truth } from '../../contracts/feedback.ts';
import { feedback } from '../database/feedback-schema.ts';
import type { FeedbackStore } from '../feedback-store.ts';
import type { RepositoryContext } from './context.ts';
import { addMethod, toEntry } from './feedback/add.ts';
import { findPhotosMethod } from './feedback/find-photos.ts';
import { labelMethods } from './feedback/labels.ts';
import { idRows, truthRows } from './feedback/truth.ts';

export function feedbackRepository(context: RepositoryContext): FeedbackStore {
  const { database, project } = context;
  return {
    findPhotos: findPhotosMethod(context),
    add: addMethod(context),
    ...labelMethods(context),

    async list({ endpoint, request, kind, newClass, before, limit = 100 } = {}) {
      const conditions: (SQL | undefined)[] = [
        endpoint === undefined ? undefined : eq(feedback.endpoint, endpoint),
        request === undefined ? undefined : eq(feedback.request, request),
        kind === undefined ? undefined : eq(feedback.kind, kind),
        newClass === undefined ? undefined : eq(feedback.newClass, newClass),
        before === undefined ? undefined : lt(feedback.seq, before),
      ];
      const rows = await database
        .select()
        .from(feedback)
        .where(and(eq(feedback.project, project), ...conditions))
        .orderBy(desc(feedback.seq))
        .limit(limit);
      return rows.map(toEntry);
    },

    async truths(publicIds) {
      if (publicIds.length === 0) return new Map();
      const { rows } = await database.execute(sql`
        with asked as (
          select a.id, coalesce(s.shadow_of, a.id) as request from ${idRows(publicIds)} a
          left join fact_requests s on s.public_id = a.id and s.shadow_of is not null)
        select asked.id, t.label, t.weight from asked
        join (${truthRows(project, sql`f.request in (select request from asked)`)}) t on t.request = asked.request`);
      return new Map(rows.map(({ id, label, weight }): [string, Truth] => [id as string, { label, weight } as Truth]));
    },

    async eventsOf(publicIds) {
      if (publicIds.length === 0) return new Map();
      const { rows } = await database.execute(sql`
        select f.request as id, array_agg(f.event order by f.seq) as events from feedback f
        where f.project = ${project} and f.kind in ('event', 'business') and f.request in (select id from ${idRows(publicIds)} a)
        group by f.request`);
      return new Map(rows.map(({ id, events }) => [id as string, events as string[]]));
    },
  };
}
