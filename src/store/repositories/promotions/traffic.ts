import { type SQL, sql } from 'drizzle-orm';
import type { AnswerPair, ArmCounts, Promotion, PromotionStore, ReplayableRequest } from '../../promotion-store.ts';
import type { RepositoryContext } from '../context.ts';
import { newestTruth } from '../feedback/truth.ts';

type Methods = Pick<PromotionStore, 'replayable' | 'answerPairs' | 'countArms' | 'latencyBefore'>;
type Arm = 'champion' | 'candidate';
type Row = Record<string, unknown> & { arm: Arm };

/** Times that a photo may come back among those that are looked through. */
const maxRepeats = 10;

/** What the request log says of the two versions of a promotion. */
export function trafficMethods({ database, project }: RepositoryContext): Methods {
  return {
    async replayable(endpoint, limit) {
      const { rows } = await database.execute(sql`
        select id, "imageSha256", label, "modelName", "modelVersion" from (
          select distinct on (pixels_sha256) * from (
            select public_id as id, image_sha256 as "imageSha256", label, model_name as "modelName", model_version as "modelVersion",
              pixels_sha256, logging_time,
              exists (select 1 from feedback f where f.project = ${project} and f.request = public_id and f.kind in ('label', 'verdict')) as said
            from fact_requests
            where project = ${project} and endpoint = ${endpoint} and image_kept and status = 200 and shadow_of is null
            order by logging_time desc limit ${maxRepeats * limit}) newest
          order by pixels_sha256, said desc, logging_time desc) different
        order by logging_time desc limit ${limit}`);
      return rows as unknown as ReplayableRequest[];
    },

    async answerPairs(promotion, { limit, isQuestion }) {
      const { endpoint, stepSince } = promotion;
      const since = stepSince.toISOString();
      const { rows } = await database.execute(sql`
        select o.public_id as id, o.label as champion, s.label as candidate, s.status,
          ${sureness('o', isQuestion)} as "championSure", ${sureness('s', isQuestion)} as "candidateSure"
        from fact_requests s join fact_requests o on o.public_id = s.shadow_of
        where s.project = ${project} and s.endpoint = ${endpoint} and s.logging_time >= ${since}
          and s.shadow_of is not null and ${isVersion('s', promotion.modelName, promotion.version)}
          and o.project = ${project} and o.status = 200 and ${isVersion('o', promotion.championName, promotion.championVersion)}
        order by s.logging_time, s.request_id limit ${limit}`);
      return rows as unknown as AnswerPair[];
    },

    async countArms(promotion, { slowMs, isQuestion }) {
      const seen = armRows(project, promotion);
      const totals = await database.execute<Row>(sql`
        with seen as (${seen}), labelled as (
          select s.arm, count(*)::int as labelled,
            count(*) filter (where t.label is null or t.label <> s.label)::int as wrong
          from seen s cross join lateral (${newestTruth(sql`s.public_id`)}) t
          where s.status = 200 group by s.arm)
        select s.arm, count(distinct http_request_id)::int as requests,
          count(distinct http_request_id) filter (where status >= 500)::int as failed,
          count(distinct http_request_id) filter (where status = 200 and latency_ms > ${slowMs})::int as slow,
          count(*) filter (where status = 200 and instance = 0)::int as answered,
          coalesce(max(l.labelled), 0) as labelled, coalesce(max(l.wrong), 0) as wrong
        from seen s left join labelled l on l.arm = s.arm group by s.arm`);
      const answers = await database.execute<Row>(sql`
        with seen as (${seen})
        select arm, label, least(99, floor((1 - ${sureness('seen', isQuestion)}) * 100))::int as unsure, count(*)::int as photos
        from seen where status = 200 and instance = 0 and label is not null group by 1, 2, 3`);
      const count = (arm: Arm) =>
        toArm(
          totals.rows.find((row) => row.arm === arm),
          answers.rows.filter((row) => row.arm === arm),
        );
      return { champion: count('champion'), candidate: count('candidate') };
    },

    async latencyBefore({ endpoint, championName, championVersion }, at, share) {
      const { rows } = await database.execute(sql`
        select percentile_cont(${share}::float8) within group (order by latency_ms)::float8 as latency from (
          select latency_ms from fact_requests
          where project = ${project} and endpoint = ${endpoint} and logging_time < ${at.toISOString()}
            and shadow_of is null and status = 200 and ${isVersion('fact_requests', championName, championVersion)}
          order by logging_time desc limit 1000) newest`);
      return (rows[0]?.latency as number | null) ?? null;
    },
  };
}

const isVersion = (table: string, name: string, version: number): SQL =>
  sql`${sql.raw(table)}.model_name = ${name} and ${sql.raw(table)}.model_version = ${version}`;

/** How sure an answer was, 0..1: the log has P(positive) of a question, else of the top label. */
function sureness(table: string, isQuestion: boolean): SQL {
  const probability = sql.raw(`${table}.probability`);
  return isQuestion ? sql`greatest(${probability}, 1 - ${probability})` : probability;
}

/** Photos that clients sent since the step began, answered by one of the two. */
function armRows(project: string, promotion: Promotion): SQL {
  const { endpoint, modelName, version, championName, championVersion, stepSince } = promotion;
  const isCandidate = isVersion('f', modelName, version);
  return sql`
    select case when ${isCandidate} then 'candidate' else 'champion' end as arm,
      f.public_id, f.http_request_id, f.instance, f.status, f.latency_ms, f.label, f.probability
    from fact_requests f
    where f.project = ${project} and f.endpoint = ${endpoint} and f.logging_time >= ${stepSince.toISOString()}
      and f.shadow_of is null and ((${isCandidate}) or (${isVersion('f', championName, championVersion)}))`;
}

function toArm(totals: Row | undefined, answers: readonly Row[]): ArmCounts {
  const number = (name: string) => (totals?.[name] as number | undefined) ?? 0;
  const labels: Record<string, number> = {};
  const unsure = new Array<number>(100).fill(0);
  for (const { label, unsure: bin, photos } of answers) {
    labels[label as string] = (labels[label as string] ?? 0) + (photos as number);
    unsure[bin as number]! += photos as number;
  }
  return {
    requests: number('requests'),
    failed: number('failed'),
    slow: number('slow'),
    answered: number('answered'),
    labels,
    unsure,
    labelled: number('labelled'),
    wrong: number('wrong'),
  };
}
