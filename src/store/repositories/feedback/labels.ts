import { type SQL, sql } from 'drizzle-orm';
import type { FeedbackSource } from '../../../contracts/feedback.ts';
import type { FeedbackStore, LabelledPhoto } from '../../feedback-store.ts';
import type { RepositoryContext } from '../context.ts';
import { truthRows } from './truth.ts';

type Methods = Pick<FeedbackStore, 'labelledPhotos' | 'countLabels' | 'delay'>;

export function labelMethods({ database, project }: RepositoryContext): Methods {
  return {
    async labelledPhotos({ endpoint, afterSeq = 0, limit = 1_000 }) {
      const { rows } = await database.execute(sql`
        with newest as (
          select distinct on (f.request) f.* from feedback f
          where f.project = ${project} and f.kind in ('label', 'verdict')
            and ${endpoint === undefined ? sql`true` : sql`f.endpoint = ${endpoint}`}
          order by f.request, f.seq desc),
        page as (select * from newest where seq > ${afterSeq} order by seq limit ${limit})
        select p.*, t.weight, q.label as answer, q.image_sha256, q.pixels_sha256, coalesce(q.image_kept, false) as image_kept, i.reason,
          (select count(distinct (o.who, o.source))::int from feedback o
            where o.project = ${project} and o.request = p.request and o.kind in ('label', 'verdict') and o.truth = p.truth) as confirmations
        from page p
        join (${truthRows(project, sql`f.request in (select request from page)`)}) t on t.request = p.request
        left join fact_requests q on q.public_id = p.request
        left join review_items i on i.request = p.request
        order by p.seq`);
      return rows.map(toLabelled);
    },

    async countLabels({ endpoint, from, to }) {
      const counted = await database.execute(sql`
        select count(*)::int as labels from (
          select min(at) as first from feedback f
          where f.project = ${project} and f.endpoint = ${endpoint} and f.kind in ('label', 'verdict') group by f.request) t
        where ${inTime(sql`t.first`, from, to)}`);
      const fresh = await database.execute(sql`
        select f.label, count(distinct f.request)::int as photos from feedback f
        where f.project = ${project} and f.endpoint = ${endpoint} and f.new_class and ${inTime(sql`f.at`, from, to)}
        group by f.label order by photos desc, f.label`);
      return {
        labels: counted.rows[0]!.labels as number,
        newClasses: fresh.rows as { label: string; photos: number }[],
      };
    },

    async delay({ endpoint, from, to }) {
      const ofEndpoint = endpoint === undefined ? sql`true` : sql`f.endpoint = ${endpoint}`;
      const { rows } = await database.execute(sql`
        with firsts as (
          select extract(epoch from min(f.at) - min(f.request_at))::float8 as delay from feedback f
          where f.project = ${project} and ${ofEndpoint} and f.kind in ('label', 'verdict') and ${inTime(sql`f.request_at`, from, to)}
          group by f.request)
        select count(*)::int as labelled,
          percentile_cont(0.5) within group (order by delay) as median, percentile_cont(0.9) within group (order by delay) as p90,
          (select count(*)::int from fact_requests f where f.project = ${project} and ${ofEndpoint} and f.shadow_of is null and f.status = 200
            and ${inTime(sql`f.logging_time`, from, to)}) as answered
        from firsts`);
      const { labelled, answered, median, p90 } = rows[0]!;
      return {
        answered: answered as number,
        labelled: labelled as number,
        medianS: median as number | null,
        p90S: p90 as number | null,
      };
    },
  };
}

function inTime(column: SQL, from: Date | undefined, to: Date | undefined): SQL {
  const since = from === undefined ? sql`true` : sql`${column} >= ${from.toISOString()}::timestamptz`;
  const before = to === undefined ? sql`true` : sql`${column} < ${to.toISOString()}::timestamptz`;
  return sql`${since} and ${before}`;
}

function toLabelled(row: Record<string, unknown>): LabelledPhoto {
  return {
    seq: Number(row.seq),
    request: row.request as string,
    endpoint: row.endpoint as string,
    label: row.truth as string | null,
    weight: row.weight as number,
    said: row.label as string | null,
    newClass: row.new_class as boolean,
    source: row.source as FeedbackSource,
    who: row.who as string,
    at: new Date(row.at as string),
    confirmations: row.confirmations as number,
    requestAt: new Date(row.request_at as string),
    answer: row.answer as string | null,
    reason: row.reason as string | null,
    imageSha256: row.image_sha256 as string | null,
    pixelsSha256: row.pixels_sha256 as string | null,
    imageKept: row.image_kept as boolean,
  };
}
