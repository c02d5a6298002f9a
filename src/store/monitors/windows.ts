import { type SQL, sql } from 'drizzle-orm';
import type { MonitorWindow, Observation, WindowCounts } from '../../contracts/loop/monitor.ts';
import type { RepositoryContext } from '../database/context.ts';
import { onlyRow } from '../database/only-row.ts';
import { isLabel } from '../feedback/truth.ts';
import { float16s } from '../requests/row.ts';
import { score } from '../requests/score.ts';
import type { MonitorStore, WindowFilter } from './contract.ts';

type Methods = Pick<MonitorStore, 'countWindow' | 'readWindow' | 'windowOfCount' | 'newestWindow'>;

/** A query over this many rows blocks the embedded database for about 0.1 s. */
const rowsAtOnce = 50_000;

export function windowMethods({ database, project }: RepositoryContext): Methods {
  const rowsOf = ({ endpoint, model, slice, only }: Omit<WindowFilter, 'start' | 'end'>): SQL => {
    const conditions = [sql`f.project = ${project}`, sql`f.endpoint = ${endpoint}`, sql`f.shadow_of is null`];
    if (model) conditions.push(sql`f.model_name = ${model.name} and f.model_version = ${model.version}`);
    if (slice) conditions.push(sql`f.attributes @> ${JSON.stringify({ [slice.attribute]: slice.value })}::jsonb`);
    if (only === 'explained') conditions.push(sql`f.attention is not null`);
    if (only === 'labelled')
      conditions.push(
        sql`exists (select from feedback b where b.project = f.project and b.request = f.public_id and ${isLabel('b')})`,
      );
    return sql.join(conditions, sql` and `);
  };
  const within = (start: Date, end: Date) =>
    sql`f.logging_time >= ${start.toISOString()}::timestamptz and f.logging_time < ${end.toISOString()}::timestamptz`;

  /** Cached ends of parts with `rowsAtOnce` rows each, from the first requested start to the end; they affect only the size of parts. */
  let known: { endpoint: string; start: Date; end: Date; cuts: Date[] } | null = null;
  const cutsOf = async ({
    endpoint,
    start,
    end,
  }: Pick<WindowFilter, 'endpoint' | 'start' | 'end'>): Promise<Date[]> => {
    const isSame = known?.endpoint === endpoint && known.end.getTime() === end.getTime();
    const later = isSame && known ? known : { start: end, cuts: [] };
    const cuts: Date[] = [];
    for (let from = start; from < later.start; from = cuts.at(-1) ?? later.start) {
      const { rows } = await database.execute<{ at: string }>(sql`
        select f.logging_time as at from fact_requests f
        where f.project = ${project} and f.endpoint = ${endpoint} and ${within(from, later.start)}
        order by f.logging_time offset ${rowsAtOnce} limit 1`);
      const cut = rows[0] === undefined ? later.start : new Date(rows[0].at);
      // more rows than that in one millisecond
      cuts.push(cut > from ? cut : later.start);
    }
    const all = [...cuts, ...later.cuts];
    if (cuts.length > 0) known = { endpoint, start, end, cuts: all };
    return all.filter((cut) => cut > start && cut < end);
  };

  /**
   * Sums over a window, part by part.
   * @param sums SQL of numbers over rows of the log `f`
   */
  const walk = async <K extends string>(filter: WindowFilter, sums: Record<K, SQL>): Promise<Part<K>[]> => {
    const parts: Part<K>[] = [];
    const columns = Object.entries<SQL>(sums).map(([name, sum]) => sql`${sum} as ${sql.identifier(name)}`);
    let { start } = filter;
    for (const end of [...(await cutsOf(filter)), filter.end]) {
      const { rows } = await database.execute<Record<K, string>>(
        sql`select ${sql.join(columns, sql`, `)} from fact_requests f where ${rowsOf(filter)} and ${within(start, end)}`,
      );
      parts.push({ start, end, sums: numbersOf<K>(onlyRow(rows)) });
      start = end;
    }
    return parts;
  };

  return {
    async countWindow(filter, above) {
      const parts = await walk(filter, {
        requests: sql`count(*)`,
        served: sql`count(*) filter (where f.status < 400 or f.status >= 500)`,
        failed: sql`count(*) filter (where f.status >= 500)`,
        scored: sql`count(${score('f')})`,
        positive: sql`count(*) filter (where ${score('f')} > ${above}::float8)`,
      });
      const total = (name: keyof WindowCounts) => parts.reduce((sum, part) => sum + part.sums[name], 0);
      return {
        requests: total('requests'),
        served: total('served'),
        failed: total('failed'),
        scored: total('scored'),
        positive: total('positive'),
      };
    },

    async readWindow(filter, most) {
      const parts = (await walk(filter, { rows: sql`count(*)` })).filter(({ sums }) => sums.rows > 0);
      const total = parts.reduce((sum, { sums }) => sum + sums.rows, 0);
      // sampled by a hash of the id: the same window gives the same sample
      const share = Math.floor((2 ** 31 * most) / Math.max(1, total));
      const chosen =
        total <= most ? sql`true` : sql`(uuid_hash_extended(f.public_id, 0) & 2147483647) < ${share}::bigint`;
      const observations: Observation[] = [];
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
      const { first, last } = onlyRow(rows);
      return first === null || last === null ? null : { start: new Date(first), end: after(last) };
    },
  };
}

/** The end of a window is exclusive. */
const after = (at: string) => new Date(new Date(at).getTime() + 1);

const columns = sql`f.public_id as id, extract(epoch from f.logging_time) * 1000 as at_ms, f.status, f.label, ${score('f')} as score,
  f.probabilities, f.uncertain, f.quality, f.out_of_distribution, f.out_of_distribution_score, f.properties, f.projection, f.attention,
  f.latency_ms, f.attributes`;

type Part<K extends string> = MonitorWindow & { sums: Record<K, number> };

const numbersOf = <K extends string>(row: Record<K, string>) =>
  Object.fromEntries(Object.entries(row).map(([name, sum]) => [name, Number(sum)])) as Record<K, number>;

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
  };
}
