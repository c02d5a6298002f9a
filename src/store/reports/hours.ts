import { type SQL, sql } from 'drizzle-orm';
import type { RepositoryContext } from '../database/context.ts';
import type { BucketCount, ReportStore, TrafficBuckets } from './contract.ts';

/** Counts from the hours of the log. */
export function hourMethods({
  database,
  project,
}: Pick<RepositoryContext, 'database' | 'project'>): Pick<ReportStore, 'trafficBuckets'> {
  const rows = async <T>(query: SQL): Promise<T[]> => (await database.execute(query)).rows as T[];
  return {
    async trafficBuckets(endpoint, { from, to, stepS }) {
      const bucket = sql`floor((extract(epoch from hour) - ${from.getTime() / 1000}::float8) / ${stepS}::float8)::int as bucket`;
      const within = sql`project = ${project} and endpoint = ${endpoint}
        and hour >= ${from.toISOString()}::timestamptz and hour < ${to.toISOString()}::timestamptz`;
      const sum = (name: string, as = name) => sql.raw(`sum(${name})::int as "${as}"`);
      return {
        counts: await rows<BucketCount>(sql`
          select ${bucket}, model_name as "modelName", nullif(model_version, 0) as "modelVersion", role, latency_step as "latencyStep",
            ${sum('photos')}, ${sum('answered')}, ${sum('failed')}, ${sum('refused')}, ${sum('uncertain')},
            ${sum('out_of_distribution', 'outOfDistribution')}
          from request_hours where ${within} group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5`),
        labels: await rows<TrafficBuckets['labels'][number]>(sql`
          select ${bucket}, label, ${sum('photos')} from label_hours where ${within} and role <> 'shadow' group by 1, 2 order by 1, 2`),
      };
    },
  };
}
