import { type SQL, sql } from 'drizzle-orm';
import type { Hit } from '../../contracts/api/overview.ts';
import type { RepositoryContext } from '../database/context.ts';
import { onlyRow } from '../database/only-row.ts';
import { inProject } from '../feedback/truth.ts';
import type { LoopNow, ReportStore } from './contract.ts';

const mostOfAKind = 5;

/** Counts and names over all parts of the loop. */
export function overviewMethods({
  database,
  project,
}: Pick<RepositoryContext, 'database' | 'project'>): Pick<ReportStore, 'loopNow' | 'search'> {
  const own = sql`project = ${project}`;
  const byRow = inProject(project, sql`project`);
  const served = (since: SQL) => sql`${own} and role <> 'shadow' and hour > ${since} - interval '1 hour'`;
  return {
    async loopNow(from) {
      const since = sql`${from.toISOString()}::timestamptz`;
      const counts: Record<Exclude<keyof LoopNow, 'lastFiredAt' | 'newestVersion'>, SQL> = {
        newPhotos: sql`select coalesce(sum(photos), 0) from flywheel_spans where ${own} and at >= ${since}`,
        running: sql`select count(*) from runs where ${own} and state = 'running'`,
        succeededDay: sql`select count(*) from runs where ${own} and state = 'succeeded' and finished_at >= ${since}`,
        failedDay: sql`select count(*) from runs where ${own} and state = 'failed' and finished_at >= ${since}`,
        versions: sql`select count(*) from model_versions where ${own}`,
        blessed: sql`select count(*) from model_versions where ${own} and blessed`,
        newVersions: sql`select count(*) from model_versions where ${own} and created_at >= ${since}`,
        endpointChanges: sql`select count(*) from endpoint_events where ${own} and at >= ${since} and action not in ('refused', 'ready')`,
        promotions: sql`select count(*) from promotions where ${own} and ended_at is null`,
        photosDay: sql`select coalesce(sum(photos), 0) from request_hours where ${served(since)}`,
        failedPhotos: sql`select coalesce(sum(failed), 0) from request_hours where ${served(since)}`,
        uncertain: sql`select coalesce(sum(uncertain), 0) from request_hours where ${served(since)}`,
        unlike: sql`select coalesce(sum(out_of_distribution), 0) from request_hours where ${served(since)}`,
        labelsDay: sql`select count(*) from feedback where ${own} and at >= ${since} and kind in ('label', 'verdict')`,
        eventsDay: sql`select count(*) from feedback where ${own} and at >= ${since} and kind not in ('label', 'verdict')`,
        waiting: sql`select count(*) from review_items where ${own} and done_at is null and skipped_at is null`,
        results: sql`select count(*) from monitor_results where ${own} and at >= ${since}`,
        opened: sql`select count(*) from alerts where ${own} and opened_at >= ${since}`,
        fired: sql`select count(*) from firings where ${own} and state = 'fired' and at >= ${since}`,
      };
      const columns = Object.entries(counts).map(([name, query]) => sql`(${query})::int as ${sql.identifier(name)}`);
      const { rows } = await database.execute<Omit<LoopNow, 'lastFiredAt'> & { lastFiredAt: string | null }>(sql`
        select ${sql.join(columns, sql`, `)}, (select max(at) from firings where ${own} and state = 'fired') as "lastFiredAt",
          (select row_to_json(v) from (
            select name as model, version, blessed, (metrics->>'accuracy')::float8 as accuracy
            from model_versions where ${own} order by created_at desc, version desc limit 1) v) as "newestVersion"`);
      const { lastFiredAt, ...now } = onlyRow(rows);
      return { ...now, lastFiredAt: lastFiredAt === null ? null : new Date(lastFiredAt) };
    },

    async search(text) {
      const part = `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
      const start = part.slice(1);
      const kinds: Record<Hit['kind'], SQL> = {
        endpoint: sql`select name as id, coalesce(display_name, name) as title, '' as detail, name as place from endpoints
          where ${own} and deleted_at is null and (name ilike ${part} or display_name ilike ${part})`,
        model: sql`select name as id, name as title, max(version)::text as detail, name as place from model_versions
          where ${own} and name ilike ${part} group by name`,
        pipeline: sql`select pipeline as id, pipeline as title, count(*)::text as detail, pipeline as place from runs
          where ${own} and pipeline ilike ${part} group by pipeline`,
        run: sql`select id, id as title, pipeline || ', ' || state as detail, '' as place from runs
          where ${own} and (id like ${start} or experiment ilike ${part} or note ilike ${part})`,
        monitor: sql`select name as id, name as title, endpoint as detail, name as place from monitors
          where ${own} and removed_at is null and name ilike ${part}`,
        alert: sql`select id, monitor as title, state as detail, (state = 'resolved')::text || id as place from alerts
          where ${own} and (id like ${start} or monitor ilike ${part})`,
        trigger: sql`select name as id, name as title, definition->'when'->>'kind' as detail, name as place from triggers
          where ${own} and name ilike ${part}`,
        promotion: sql`select id, model_name || '@' || version as title, endpoint || ', ' || state as detail, '' as place from promotions
          where ${own} and (id like ${start} or model_name || '@' || version = ${text})`,
        prediction: isUuid(text)
          ? sql`select public_id::text as id, coalesce(label, error_code, '') as title, endpoint as detail, '' as place from fact_requests
              where ${byRow} and (public_id = ${text}::uuid or http_request_id = ${text})`
          : sql`select public_id::text as id, coalesce(label, error_code, '') as title, endpoint as detail, '' as place from fact_requests
              where ${byRow} and http_request_id = ${text}`,
        subject: sql`select subject as id, subject as title, endpoint as detail, '' as place from fact_requests
          where ${byRow} and subject = ${text} group by 1, 2, 3`,
        'data-set': sql`select folder || '@' || span as id, folder as title, span::text as detail, folder as place from flywheel_spans
          where ${own} and folder ilike ${part}`,
      };
      const each = Object.entries(kinds).map(
        ([kind, query]) =>
          sql`(select ${kind} as kind, id, title, detail from (${query}) found order by place, id limit ${mostOfAKind})`,
      );
      return (await database.execute<Record<string, unknown> & Hit>(sql.join(each, sql` union all `))).rows;
    },
  };
}

const isUuid = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
