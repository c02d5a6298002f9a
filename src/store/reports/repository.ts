import { type SQL, sql } from 'drizzle-orm';
import type { Dimensions, DimensionTable } from '../../contracts/api/dimensions.ts';
import type { RepositoryContext } from '../database/context.ts';
import { inTime } from '../feedback/in-time.ts';
import { countingEntry, decidedRows, inProject, isLabel, truthRows } from '../feedback/truth.ts';
import type { LabelledCount, LoopCounts, ReportStore, StepCost, TrafficDay, TrafficTotals } from './contract.ts';
import { hourMethods } from './hours.ts';
import { overviewMethods } from './overview.ts';
import { watermarks } from './watermarks.ts';

export function reportRepository(context: RepositoryContext): ReportStore {
  const { database, project } = context;
  const rows = async <T>(query: SQL): Promise<T[]> => (await database.execute(query)).rows as T[];
  const within = (from: Date, to: Date) => sql`project = ${project}
    and logging_time >= ${from.toISOString()}::timestamptz and logging_time < ${to.toISOString()}::timestamptz`;

  return {
    ...hourMethods({ database, project }),
    ...overviewMethods({ database, project }),
    watermarks: () => watermarks(context),

    async trafficDays(from, to) {
      return await rows<TrafficDay>(sql`
        select endpoint, to_char(logging_time at time zone 'UTC', 'YYYY-MM-DD') as day,
          count(*)::int as photos,
          (count(*) filter (where status >= 500))::int as failed,
          (count(*) filter (where status >= 400 and status < 500))::int as refused,
          (count(*) filter (where uncertain))::int as uncertain,
          (count(*) filter (where out_of_distribution))::int as "outOfDistribution"
        from fact_requests where ${within(from, to)} and role <> 'shadow'
        group by 1, 2 order by 1, 2`);
    },

    async trafficTotals(from, to) {
      const totals = await rows<Omit<TrafficTotals, 'labels' | 'labelled'>>(sql`
        select endpoint,
          (count(*) filter (where role <> 'shadow'))::int as photos,
          (percentile_disc(0.5) within group (order by latency_ms) filter (where status = 200 and role <> 'shadow'))::float8 as "latencyP50",
          (percentile_disc(0.99) within group (order by latency_ms) filter (where status = 200 and role <> 'shadow'))::float8 as "latencyP99",
          (sum(inference_ms) / 1000)::float8 as "inferenceS"
        from fact_requests where ${within(from, to)} group by endpoint order by endpoint`);
      const labelled = await rows<{ endpoint: string; photos: number }>(sql`
        select d.endpoint, count(*)::int as photos
        from (${decidedRows(sql`f.project = ${project} and ${inTime(sql`f.request_at`, from, to)}`)}) d
        where not d.disputed group by d.endpoint`);
      const labelledOf = new Map(labelled.map(({ endpoint, photos }) => [endpoint, photos]));
      const labels = await rows<{ endpoint: string; label: string; photos: number }>(sql`
        select endpoint, label, count(*)::int as photos from fact_requests
        where ${within(from, to)} and role <> 'shadow' and label is not null group by 1, 2 order by 1, 3 desc, 2`);
      return totals.map((total) => {
        const { endpoint } = total;
        return { ...total, labels: labelsOf(labels, endpoint), labelled: labelledOf.get(endpoint) ?? 0 };
      });
    },

    async labelledCounts(from, to) {
      const [since, until] = [sql`${from.toISOString()}::timestamptz`, sql`${to.toISOString()}::timestamptz`];
      const requests = sql`f.request_at < ${until} and (f.request_at >= ${since} or f.request = any(array(
        select l.request from feedback l
        where ${inProject(project, sql`l.project`)} and ${isLabel('l')} and l.request_at < ${since}
        group by l.request having min(l.at) >= ${since} and min(l.at) < ${until})))`;
      return await rows<LabelledCount>(sql`
        select a.endpoint, a.logging_time < ${since} as "isEarlier", coalesce(a.label = t.label, false) as "isRight",
          t.weight::float8 as weight, (s.attributes ->> 'severity')::int as severity, count(*)::int as photos
        from (${truthRows(project, requests)}) t
        -- one look into the index for each: the embedded database has no statistics
        cross join lateral (
          select r.endpoint, r.label, r.logging_time from fact_requests r
          where r.public_id = t.request and r.role <> 'shadow' and r.label is not null limit 1) a
        cross join lateral (${countingEntry(sql`t.request`, sql`t.label`)}) s
        group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5`);
    },

    async dimensions() {
      const of = async <T extends DimensionTable>(table: T, order: string): Promise<Dimensions[T]> => {
        const found = await rows<Record<string, unknown>>(
          sql`select * from ${sql.identifier(table)} where project = ${project} order by ${sql.raw(order)}`,
        );
        return found.map(dimensionRow) as unknown as Dimensions[T];
      };
      return {
        dim_endpoints: await of('dim_endpoints', 'endpoint'),
        dim_models: await of('dim_models', 'deployed_model_id'),
        dim_deployments: await of('dim_deployments', 'since, deployed_model_id'),
      };
    },

    async loopCounts() {
      const firings = await rows<Omit<LoopCounts['firings'][number], 'lastAt'> & { lastAt: string }>(
        sql`select trigger, state, count(*)::int as count, max(at) as "lastAt" from firings where project = ${project} group by 1, 2`,
      );
      return {
        promotions: await rows(
          sql`select endpoint, state, count(*)::int as count from promotions where project = ${project} group by 1, 2`,
        ),
        firings: firings.map(({ lastAt, ...each }) => ({ ...each, lastAt: new Date(lastAt) })),
        durations: await rows(
          sql`select p.pipeline, n.seconds from (select distinct pipeline from runs where project = ${project}) p
            cross join lateral (
              select extract(epoch from finished_at - started_at)::float8 as seconds from runs
              where project = ${project} and pipeline = p.pipeline and state = 'succeeded' order by seq desc limit 1) n order by 1`,
        ),
      };
    },

    async stepCosts(from, to) {
      return await rows<StepCost>(sql`
        select r.pipeline, e.step, count(*)::int as executions,
          (count(*) filter (where e.state = 'cached'))::int as cached,
          coalesce(sum(extract(epoch from e.finished_at - e.started_at)), 0)::float8 as seconds
        from executions e join runs r on r.id = e.run_id
        where r.project = ${project}
          and r.started_at >= ${from.toISOString()}::timestamptz and r.started_at < ${to.toISOString()}::timestamptz
        group by 1, 2 order by 5 desc, 1, 2`);
    },
  };
}

const mostLabels = 20;

function labelsOf(labels: readonly { endpoint: string; label: string; photos: number }[], endpoint: string) {
  const own = labels.filter((each) => each.endpoint === endpoint).slice(0, mostLabels);
  return own.map(({ label, photos }) => ({ label, photos }));
}

const moments = new Set(['created_at', 'updated_at', 'since', 'until']);
const wholes = new Set(['min_replica_count', 'max_replica_count', 'version', 'traffic']);

/** The driver gives instants and 64-bit integers as text. */
function dimensionRow({ project: _project, ...row }: Record<string, unknown>): Record<string, unknown> {
  const value = (name: string, stored: unknown) => {
    if (stored === null) return null;
    return moments.has(name) ? new Date(stored as string) : wholes.has(name) ? Number(stored) : stored;
  };
  return Object.fromEntries(Object.entries(row).map(([name, stored]) => [name, value(name, stored)]));
}
