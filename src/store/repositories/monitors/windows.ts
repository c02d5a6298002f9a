import { type SQL, sql } from 'drizzle-orm';
import type { Observation, WindowCounts } from '../../../contracts/monitor.ts';
import type { MonitorStore, WindowFilter } from '../../monitor-store.ts';
import type { RepositoryContext } from '../context.ts';
import { float16s } from '../requests/row.ts';

type Methods = Pick<MonitorStore, 'countWindow' | 'readWindow' | 'windowOfCount' | 'newestWindow'>;

/** A query over so many rows keeps the embedded database busy for about 0.1 s. */
const rowsAtOnce = 50_000;

export function windowMethods({ database, project }: RepositoryContext): Methods {
  const rowsOf = ({ endpoint, model, slice, only }: Omit<WindowFilter, 'start' | 'end'>): SQL => {
    const conditions = [sql`f.project = ${project}`, sql`f.endpoint = ${endpoint}`, sql`f.shadow_of is null`];
    if (model) conditions.push(sql`f.model_name = ${model.name} and f.model_version = ${model.version}`);
    if (slice) conditions.push(sql`f.attributes @> ${JSON.stringify({ [slice.attribute]: slice.value })}::jsonb`);
    if (only === 'explained') conditions.push(sql`f.attention is not null`);
    if (only === 'labelled')
      conditions.push(
        sql`exists (select from feedback b where b.project = f.project and b.request = f.public_id and b.kind in ('label', 'verdict'))`,
      );
    return sql.join(conditions, sql` and `);
  };
  const within = (start: Date, end: Date) =>
    sql`f.logging_time >= ${start.toISOString()}::timestamptz and f.logging_time < ${end.toISOString()}::timestamptz`;

  /** Moments that cut a window into parts of about `rowsAtOnce` rows of the endpoint. */
  const partsOf = async ({ endpoint, start, end }: WindowFilter): Promise<{ start: Date; end: Date }[]> => {
    const parts: { start: Date; end: Date }[] = [];
    for (let from = start; ; ) {
      const { rows } = await database.execute<{ at: string }>(sql`
        select f.logging_time as at from fact_requests f
        where f.project = ${project} and f.endpoint = ${endpoint} and ${within(from, end)}
        order by f.logging_time offset ${rowsAtOnce} limit 1`);
      const next = rows[0] && new Date(rows[0].at);
      if (!next || next <= from) return [...parts, { start: from, end }];
      parts.push({ start: from, end: next });
      from = next;
    }
  };

  return {
    async countWindow(filter, above) {
      const sum: WindowCounts = { requests: 0, served: 0, failed: 0, scored: 0, positive: 0 };
      for (const part of await partsOf(filter)) {
        const { rows } = await database.execute<Record<keyof WindowCounts, string>>(sql`
          select count(*) as requests, count(*) filter (where f.status < 400 or f.status >= 500) as served,
            count(*) filter (where f.status >= 500) as failed, count(f.probability) as scored,
            count(*) filter (where f.probability > ${above}::float8) as positive
          from fact_requests f where ${rowsOf(filter)} and ${within(part.start, part.end)}`);
        for (const name of Object.keys(sum) as (keyof WindowCounts)[]) sum[name] += Number(rows[0]![name]);
      }
      return sum;
    },

    async readWindow(filter, most) {
      const parts = await partsOf(filter);
      let total = 0;
      for (const { start, end } of parts) {
        const { rows } = await database.execute<{ n: string }>(
          sql`select count(*) as n from fact_requests f where ${rowsOf(filter)} and ${within(start, end)}`,
        );
        total += Number(rows[0]!.n);
      }
      const observations: Observation[] = [];
      // a hash of the id decides, not the moment: the same window gives the same sample
      const share = total <= most ? null : Math.floor((2 ** 31 * most) / total);
      const chosen =
        share === null ? sql`true` : sql`(uuid_hash_extended(f.public_id, 0) & 2147483647) < ${share}::bigint`;
      for (const { start, end } of parts) {
        const { rows } = await database.execute<Row>(sql`
          select ${columns} from fact_requests f where ${rowsOf(filter)} and ${within(start, end)} and ${chosen}
          order by f.logging_time, f.request_id`);
        for (const row of rows) observations.push(toObservation(row));
      }
      return { observations, total };
    },

    async windowOfCount({ start, ...filter }, count) {
      const { rows } = await database.execute<{ at: string }>(sql`
        select f.logging_time as at from fact_requests f
        where ${rowsOf(filter)} and f.logging_time >= ${start.toISOString()}::timestamptz
        order by f.logging_time offset ${count - 1} limit 1`);
      return rows[0] ? { start, end: after(rows[0].at) } : null;
    },

    async newestWindow({ end, ...filter }, count) {
      const { rows } = await database.execute<{ first: string | null; last: string | null }>(sql`
        select min(at) as first, max(at) as last from (
          select f.logging_time as at from fact_requests f
          where ${rowsOf(filter)} and f.logging_time < ${end.toISOString()}::timestamptz
          order by f.logging_time desc limit ${count}) newest`);
      const { first, last } = rows[0]!;
      return first === null || last === null ? null : { start: new Date(first), end: after(last) };
    },
  };
}

/** The window's end is the first moment after it. */
const after = (at: string) => new Date(new Date(at).getTime() + 1);

const columns =
  sql.raw(`f.public_id as id, extract(epoch from f.logging_time) * 1000 as at_ms, f.status, f.label, f.probability as score,
  f.probabilities, f.uncertain, f.quality, f.out_of_distribution, f.out_of_distribution_score, f.properties, f.projection, f.attention,
  f.latency_ms, f.attributes`);

interface Row extends Record<string, unknown> {
  id: string;
  at_ms: string;
  status: number;
  label: string | null;
  score: number | null;
  probabilities: number[] | null;
  uncertain: boolean;
  quality: Observation['quality'];
  out_of_distribution: boolean;
  out_of_distribution_score: number | null;
  properties: Observation['properties'];
  projection: Uint8Array | null;
  attention: Observation['attention'];
  latency_ms: number;
  attributes: Observation['attributes'];
}

function toObservation(row: Row): Observation {
  const { id, status, label, score, probabilities, uncertain, quality, properties, attention, attributes } = row;
  return {
    id,
    atMs: Math.round(Number(row.at_ms)),
    status,
    label,
    score,
    probabilities,
    uncertain,
    quality,
    outOfDistribution: row.out_of_distribution,
    outOfDistributionScore: row.out_of_distribution_score,
    properties,
    projection: row.projection && float16s(row.projection),
    attention,
    latencyMs: row.latency_ms,
    attributes,
    truth: null,
    events: [],
  };
}
