import { sql } from 'drizzle-orm';
import type { FeedbackSource, LabelAttributes, LabelledPhoto, Voice } from '../../contracts/loop/feedback.ts';
import type { RepositoryContext } from '../database/context.ts';
import { onlyRow } from '../database/only-row.ts';
import type { FeedbackStore } from './contract.ts';
import { inTime } from './in-time.ts';
import { anyUuid, countingEntry, decidedRows, inProject, isLabel, isPublic, labeller } from './truth.ts';

type Methods = Pick<FeedbackStore, 'labelledPhotos' | 'delay'>;

/** One voice: all public sources are one, since one stranger can use a page, its key and a link, and would confirm themselves. */
const voice = sql`case when ${isPublic('o')} then '' else ${labeller('o')} end, ${isPublic('o')}`;

export function labelMethods({ database, project }: RepositoryContext): Methods {
  return {
    async labelledPhotos({ endpoint, afterSeq = 0, limit = 1_000 }) {
      const page = await database.execute(sql`
        select f.request from feedback f
        where f.seq > ${afterSeq} and ${isLabel('f')} and ${inProject(project, sql`f.project`)}
          and ${endpoint === undefined ? sql`true` : sql`f.endpoint || '' = ${endpoint}`}
          -- one look into the index for each: to sort all words for each page took 75 times as long beside 200,000 of them
          and f.seq = (select max(n.seq) from feedback n where n.request = f.request and ${isLabel('n')})
        order by f.seq limit ${limit}`);
      const ids = anyUuid(page.rows.map(({ request }) => request as string));
      // each read by its index and joined here: the embedded database has no statistics and would compare every row with every other
      const counting = await database.execute(sql`
        select f.*, d.disputed, case when d.disputed then null else d.label end as decided,
          (select max(n.seq) from feedback n where n.request = f.request and ${isLabel('n')}) as newest,
          (select json_agg(json_build_object('who', last.who, 'source', last.source)) from (
            select distinct on (${voice}) o.truth, o.who, o.source from feedback o
            where o.request = f.request and ${isLabel('o')} order by ${voice}, o.seq desc) last
            where last.truth = f.truth) as voices
        from (${decidedRows(sql`f.request = ${ids}`)}) d cross join lateral (
          ${countingEntry(sql`d.request`, sql`d.label`)}) f`);
      const answers = await database.execute(sql`
        select public_id as request, label as answer, image_sha256, pixels_sha256, image_kept from fact_requests where public_id = ${ids}`);
      const reasons = await database.execute(sql`select request, reason from review_items where request = ${ids}`);
      const beside = [answers, reasons].map(({ rows }) => new Map(rows.map((row) => [row.request, row])));
      return counting.rows
        .map((row) => toLabelled(row, Object.assign({}, ...beside.map((rows) => rows.get(row.request)))))
        .sort((a, b) => a.seq - b.seq);
    },

    async delay({ endpoint, from, to }) {
      const ofEndpoint = endpoint === undefined ? sql`true` : sql`f.endpoint = ${endpoint}`;
      const { rows } = await database.execute(sql`
        with firsts as (
          select extract(epoch from d.first_at - d.request_at)::float8 as delay
          from (${decidedRows(sql`f.project = ${project} and ${ofEndpoint} and ${inTime(sql`f.request_at`, from, to)}`)}) d
          where not d.disputed)
        select count(*)::int as labelled,
          percentile_cont(0.5) within group (order by delay) as median, percentile_cont(0.9) within group (order by delay) as p90,
          (select count(*)::int from fact_requests f where f.project = ${project} and ${ofEndpoint} and f.shadow_of is null and f.status = 200
            and ${inTime(sql`f.logging_time`, from, to)}) as answered
        from firsts`);
      const { labelled, answered, median, p90 } = onlyRow(rows);
      return {
        answered: answered as number,
        labelled: labelled as number,
        medianS: median as number | null,
        p90S: p90 as number | null,
      };
    },
  };
}

type Row = Record<string, unknown>;

/** @param beside answer, photo and reason, if known */
function toLabelled(row: Row, beside: Row): LabelledPhoto {
  const voices = (row.voices ?? []) as Voice[];
  return {
    seq: Number(row.newest),
    request: row.request as string,
    endpoint: row.endpoint as string,
    disputed: row.disputed as boolean,
    label: row.decided as string | null,
    said: row.label as string | null,
    newClass: row.new_class as boolean,
    source: row.source as FeedbackSource,
    who: row.who as string,
    at: new Date(row.at as string),
    voices,
    confirmations: voices.length,
    attributes: row.attributes as LabelAttributes | null,
    requestAt: new Date(row.request_at as string),
    answer: (beside.answer ?? null) as string | null,
    reason: (beside.reason ?? null) as string | null,
    imageSha256: (beside.image_sha256 ?? null) as string | null,
    pixelsSha256: (beside.pixels_sha256 ?? null) as string | null,
    imageKept: (beside.image_kept ?? false) as boolean,
  };
}
