import { type SQL, sql } from 'drizzle-orm';
import type { FeedbackSource } from '../../contracts/loop/feedback.ts';
import type { RepositoryContext } from '../database/context.ts';
import type { FeedbackStore, Opinion, PeriodFilter } from './contract.ts';
import { inTime } from './in-time.ts';
import { anyUuid, decidedRows, inProject, isLabel, isPublic, labeller } from './truth.ts';

type Methods = Pick<FeedbackStore, 'opinions' | 'disputes' | 'labellers'>;

/** Newest label of each labeller on each photo, as `l`: `(endpoint, request, who, source, label, truth)`. @param of condition on `f` */
const lastLabels = (of: SQL) => sql`
  select * from (
    select f.endpoint, f.request, ${labeller('f')} as who, f.source, f.label, f.truth,
      f.seq = max(f.seq) over (partition by f.request, ${labeller('f')}, ${isPublic('f')}) as is_last
    from feedback f where ${of} and ${isLabel('f')} and f.source <> 'adjudication') l
  where l.is_last`;

export function opinionMethods({ database, project }: RepositoryContext): Methods {
  const inPeriod = ({ endpoint, from, to }: PeriodFilter) => sql`f.project = ${project}
    and ${endpoint === undefined ? sql`true` : sql`f.endpoint = ${endpoint}`} and ${inTime(sql`f.request_at`, from, to)}`;

  return {
    async opinions(filter) {
      const { rows } = await database.execute(sql`
        select o.endpoint, o.request, o.who, o.truth as label from (
          select l.*, count(*) over (partition by l.request) as opinions
          from (${lastLabels(sql`${inPeriod(filter)} and not ${isPublic('f')}`)}) l where l.truth is not null) o
        where o.opinions > 1 order by o.request, o.who`);
      return rows as unknown as Opinion[];
    },

    async disputes({ limit, ...filter }) {
      const { rows } = await database.execute(sql`
        select d.request, d.endpoint from (${decidedRows(inPeriod(filter))}) d
        left join review_items i on i.request = d.request
        -- who still has to label a photo shall not see what others said
        where d.disputed and (i.request is null or i.done_at is not null or i.skipped_at is not null)
        order by d.request desc limit ${limit}`);
      const ids = anyUuid(rows.map(({ request }) => request as string));
      const said = await database.execute(lastLabels(sql`f.request = ${ids} and not ${isPublic('f')}`));
      const answers = await database.execute(sql`
        select f.public_id as request, f.label, f.image_kept, f.logging_time from fact_requests f
        where f.public_id = ${ids} and ${inProject(project, sql`f.project`)}`);
      const opinions = Map.groupBy(said.rows, ({ request }) => request);
      const predictions = new Map(answers.rows.map((row) => [row.request, row]));
      return rows.flatMap(({ request, endpoint }) => {
        const prediction = predictions.get(request);
        if (prediction === undefined) return [];
        return {
          request: request as string,
          endpoint: endpoint as string,
          requestAt: new Date(prediction.logging_time as string),
          answer: prediction.label as string | null,
          imageKept: prediction.image_kept as boolean,
          opinions: (opinions.get(request) ?? []).flatMap(({ who, truth }) =>
            truth === null ? [] : { who: who as string, label: truth as string },
          ),
        };
      });
    },

    async labellers(filter) {
      const { rows } = await database.execute(sql`
        with adjudicated as (
            select distinct on (f.request) f.request, f.truth, ${labeller('f')} as who from feedback f
            where f.project = ${project} and f.source = 'adjudication' and f.truth is not null order by f.request, f.seq desc),
          -- not the request that the golden photo was made of: its label is that of its labellers
          golden as (
            select distinct on (r.public_id) r.public_id as request, g.label from golden_examples g
            join fact_requests r on r.project = g.project and r.image_sha256 = g.image_sha256
            where g.project = ${project} and g.request <> r.public_id)
        select l.who, l.source, count(*)::int as labelled, count(k.is_right)::int as checked,
          (count(*) filter (where k.is_right))::int as "right"
        from (${lastLabels(inPeriod(filter))}) l
        left join adjudicated a on a.request = l.request and a.who <> l.who
        left join golden g on g.request = l.request
        cross join lateral (select case when l.truth is not null then
          coalesce(l.truth = a.truth, l.truth = g.label or coalesce(l.label = g.label, false)) end as is_right) k
        group by 1, 2 order by labelled desc, l.who, l.source`);
      return rows.map(({ who, source, labelled, checked, right }) => ({
        labeller: who as string,
        source: source as FeedbackSource,
        labelled: labelled as number,
        checked: checked as number,
        right: right as number,
      }));
    },
  };
}
