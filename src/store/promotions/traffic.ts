import { type SQL, sql } from 'drizzle-orm';
import { recordFrom } from '../../codecs/record-from.ts';
import type {
  AnswerPair,
  ArmCounts,
  Promotion,
  ReplayableRequest,
  SessionCounts,
} from '../../contracts/loop/promotion.ts';
import type { RepositoryContext } from '../database/context.ts';
import { addSums, noSums, sessionRows, sums, toSums, valuesOfSessions, worthOf } from '../feedback/behaviour.ts';
import { isLabel, newestTruth } from '../feedback/truth.ts';
import { score } from '../requests/score.ts';
import type { PromotionStore } from './contract.ts';

type Methods = Pick<PromotionStore, 'replayable' | 'answerPairs' | 'countArms' | 'countSessions' | 'latencyBefore'>;
type Arm = 'champion' | 'candidate';
type Row = Record<string, unknown> & { arm: Arm };

/** Rows to read per wanted photo, since photos repeat. */
const maxRepeats = 10;

/** Statistics of the two versions of a promotion, from the request log. */
export function trafficMethods({ database, project }: RepositoryContext): Methods {
  return {
    async replayable(endpoint, limit) {
      const { rows } = await database.execute(sql`
        with newest as (
          select public_id as id, image_sha256 as "imageSha256", label, model_name as "modelName", model_version as "modelVersion",
            pixels_sha256, logging_time
          from fact_requests
          where project = ${project} and endpoint = ${endpoint} and image_kept and status = 200 and shadow_of is null
          order by logging_time desc limit ${maxRepeats * limit})
        select id, "imageSha256", label, "modelName", "modelVersion" from (
          select distinct on (pixels_sha256) * from newest
          order by pixels_sha256, exists (${newestTruth(sql`id`)}) desc, logging_time desc) different
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
      // all photos of an HTTP request have the same outcome: count the first one
      const answers = await database.execute<Row>(sql`
        select ${armOf(promotion)} as arm, f.status, f.label, f.latency_ms > ${slowMs} as slow,
          least(99, floor((1 - ${sureness('f', isQuestion)}) * 100))::int as unsure, count(*)::int as photos
        from fact_requests f where ${isOfStep(project, promotion)} and f.instance = 0
        group by 1, 2, 3, 4, 5`);
      const labels = await database.execute<Row>(sql`
        select r.arm, count(*)::int as labelled, count(*) filter (where t.label is null or t.label <> r.label)::int as wrong
        from (${labelledSince(project, promotion)}) labelled
          cross join lateral (
            select ${armOf(promotion)} as arm, f.public_id, f.label from fact_requests f
            where f.public_id = labelled.request and f.status = 200 and ${isOfStep(project, promotion)}) r
          cross join lateral (${newestTruth(sql`r.public_id`)}) t
        group by 1`);
      const count = (arm: Arm) =>
        toArm(
          answers.rows.filter((row) => row.arm === arm),
          labels.rows.find((row) => row.arm === arm),
        );
      return byArm(count);
    },

    async countSessions(promotion, currency) {
      const { endpoint, stepSince } = promotion;
      const of = sql`f.project = ${project} and f.endpoint = ${endpoint} and f.request_at >= ${stepSince.toISOString()}`;
      if (currency === null) {
        const { rows } = await database.execute<Row>(sql`
          with ${sessionRows(project, of)}
          select ${armOf(promotion, 's')} as arm, least(99, floor((1 - s.accepted / s.seen) * 100 + 1e-9))::int as unaccepted,
            ${sums('s.accepted', 's.seen')}
          from sessions s where s.seen > 0 and ${isOfArms(promotion, 's')} group by 1, 2`);
        return byArm((arm) => toAccepted(rows.filter((row) => row.arm === arm)));
      }
      const answered = await database.execute<Row>(sql`
        select ${armOf(promotion)} as arm, count(*)::int as photos from fact_requests f
        where ${isOfStep(project, promotion)} and f.status = 200 group by 1`);
      const photos = await database.execute<Row>(sql`
        with ${sessionRows(project, of)}
        select ${armOf(promotion, 's')} as arm, ${sums('0', 's.photos')} from sessions s where ${isOfArms(promotion, 's')} group by 1`);
      const values = await database.execute<Row>(sql`
        with ${sessionRows(project, of)}
        select ${armOf(promotion, 'v')} as arm, ${sums('v.y', 'v.n')}
        from (${valuesOfSessions()}) v where v.currency = ${currency} and ${isOfArms(promotion, 'v')} group by 1`);
      return byArm((arm) => {
        const [known, valued, all] = [photos, values, answered].map(({ rows }) => rows.find((row) => row.arm === arm));
        const sessions = known ? toSums(known) : noSums;
        const others = Math.max(0, ((all?.photos as number | undefined) ?? 0) - sessions.n);
        const valuedSessions = (valued?.sessions as number | undefined) ?? 0;
        return { ...toAccepted([]), value: worthOf(valued, sessions, others), valued: valuedSessions };
      });
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

/** Confidence, 0..1: of a question's more probable answer, else of the label. */
function sureness(table: string, isQuestion: boolean): SQL {
  return isQuestion ? sql`greatest(${score(table)}, 1 - ${score(table)})` : score(table);
}

const armOf = ({ modelName, version }: Promotion, table = 'f'): SQL =>
  sql`case when ${isVersion(table, modelName, version)} then 'candidate' else 'champion' end`;

const isOfArms = ({ modelName, version, championName, championVersion }: Promotion, table: string): SQL =>
  sql`((${isVersion(table, modelName, version)}) or (${isVersion(table, championName, championVersion)}))`;

/** Photos that one of the two versions answered since the step began. */
function isOfStep(project: string, promotion: Promotion): SQL {
  const { endpoint, stepSince } = promotion;
  return sql`
    f.project = ${project} and f.endpoint = ${endpoint} and f.logging_time >= ${stepSince.toISOString()} and f.shadow_of is null
      and ${isOfArms(promotion, 'f')}`;
}

/** Requests of the step with a label or verdict; looking up each request instead took half of the counting time. */
function labelledSince(project: string, { endpoint, stepSince }: Promotion): SQL {
  return sql`
    select distinct f.request from feedback f
    where f.project = ${project} and f.endpoint = ${endpoint} and f.request_at >= ${stepSince.toISOString()} and ${isLabel('f')}`;
}

const byArm = <T>(of: (arm: Arm) => T) => ({ champion: of('champion'), candidate: of('candidate') });

/** @param bins sessions of one arm by their share of photos that were not accepted */
function toAccepted(bins: readonly Row[]): SessionCounts {
  const unaccepted = new Array<number>(100).fill(0);
  for (const row of bins) unaccepted[row.unaccepted as number] = row.sessions as number;
  return { accepted: bins.map(toSums).reduce(addSums, noSums), unaccepted, value: noSums, valued: 0 };
}

type Answers = Row & { status: number; label: string | null; slow: boolean; unsure: number; photos: number };

/** @param rows HTTP requests of one arm, counted by outcome */
function toArm(rows: readonly Row[], labels: Row | undefined): ArmCounts {
  const counts: ArmCounts = {
    requests: 0,
    failed: 0,
    slow: 0,
    answered: 0,
    labels: recordFrom([]),
    unsure: new Array<number>(100).fill(0),
    labelled: (labels?.labelled as number | undefined) ?? 0,
    wrong: (labels?.wrong as number | undefined) ?? 0,
  };
  for (const { status, label, slow, unsure, photos } of rows as Answers[]) {
    counts.requests += photos;
    if (status >= 500) counts.failed += photos;
    if (status !== 200) continue;
    counts.answered += photos;
    if (slow) counts.slow += photos;
    if (label === null) continue;
    counts.labels[label] = (counts.labels[label] ?? 0) + photos;
    counts.unsure[unsure] = (counts.unsure[unsure] ?? 0) + photos;
  }
  return counts;
}
