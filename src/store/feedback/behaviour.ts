import { type SQL, sql } from 'drizzle-orm';
import {
  type ArmBehaviour,
  behaviourMeasures,
  highestValue,
  type PhotoBehaviour,
  type SessionSums,
} from '../../contracts/loop/behaviour.ts';
import type { RepositoryContext } from '../database/context.ts';
import type { FeedbackStore } from './contract.ts';
import { inTime } from './in-time.ts';
import { anyUuid, inProject, whatCounts } from './truth.ts';

type Methods = Pick<FeedbackStore, 'behaviourOf' | 'behaviour' | 'hasUserEvents'>;
type Row = Record<string, unknown>;

const isDecision = sql.raw(`f.kind = 'event' and f.event <> 'shown'`);

/** Older versions took any number; the square of 1e200 overflows. */
const countedValue = sql.raw(`greatest(least(f.value, ${highestValue}), -${highestValue})`);

/**
 * Rows `(request, session, seen, decision, decision_ms, acted, outcome, worth)` of photos with an event or outcome.
 * @param of condition on `f`, the feedback
 */
function photoRows(of: SQL): SQL {
  const newest = (which: SQL) => sql`(array_agg(f.event order by ${whatCounts}) filter (where ${which}))[1]`;
  return sql`
    select f.request,
      coalesce((array_agg(f.session order by f.seq) filter (where f.session is not null))[1], f.request::text) as session,
      bool_or(f.kind = 'event') as seen,
      ${newest(isDecision)} as decision,
      coalesce((array_agg(f.decision_ms order by f.seq) filter (where f.decision_ms is not null))[1], nullif(greatest(0,
        extract(epoch from min(f.at) filter (where ${isDecision}) - min(f.at) filter (where f.event = 'shown'))::float8 * 1000), 0)) as decision_ms,
      bool_or(f.kind = 'business') as acted,
      ${newest(sql`f.kind = 'outcome'`)} as outcome,
      coalesce(jsonb_agg(jsonb_build_object('currency', f.currency, 'value', ${countedValue}, 'afterMs', extract(epoch from f.at - f.request_at) * 1000)
        order by f.seq) filter (where f.kind = 'business' and f.value is not null), '[]') as worth
    from feedback f
    where ${of} and f.kind in ('event', 'business', 'outcome')
    group by f.request`;
}

const arm = sql.raw('endpoint, model_name, model_version, role');

/**
 * The photos with events as the table `photos`, with the arm that answered each; and `sessions`, a row for each session in an arm.
 * @param of condition on `f`, the feedback
 */
export function sessionRows(project: string, of: SQL): SQL {
  const count = (name: string, which: string) => sql.raw(`count(*) filter (where ${which})::float8 as ${name}`);
  return sql`
    photos as (
      select p.*, a.* from (${photoRows(of)}) p
      -- one look into the index for each: the embedded database has no statistics
      cross join lateral (
        select r.endpoint, r.model_name, r.model_version, r.role from fact_requests r
        where r.public_id = p.request and r.shadow_of is null and r.status = 200 and ${inProject(project, sql`r.project`)} limit 1) a),
    sessions as (
      select ${arm}, session, count(*)::float8 as photos, ${count('seen', 'seen')}, ${count('acted', 'acted')},
        ${count('reported', 'outcome is not null')}, ${count('decided', 'decision is not null')},
        ${count('accepted', `decision = 'accept'`)}, ${count('overridden', `decision = 'override'`)},
        ${count('retaken', `decision = 'retake'`)}, ${count('abandoned', `decision = 'abandon'`)},
        ${count('helped', `outcome = 'helped'`)}, ${count('timed', 'decision_ms is not null')},
        coalesce(sum(ln(greatest(decision_ms, 1))), 0)::float8 as log_time
      from photos group by ${arm}, session)`;
}

export function behaviourMethods({ database, project }: RepositoryContext): Methods {
  return {
    async behaviourOf(publicIds) {
      if (publicIds.length === 0) return new Map();
      const of = sql`f.request = ${anyUuid(publicIds)} and ${inProject(project, sql`f.project`)}`;
      const photos = await database.execute(photoRows(of));
      return new Map(photos.rows.map((row) => [row.request as string, toPhoto(row)]));
    },

    async behaviour({ endpoint, from, to }) {
      const ofEndpoint = endpoint === undefined ? sql`true` : sql`f.endpoint = ${endpoint}`;
      const of = sql`f.project = ${project} and ${ofEndpoint} and ${inTime(sql`f.request_at`, from, to)}`;
      const answered = await database.execute(sql`
        select ${arm}, count(*)::int as answered from fact_requests f
        where f.project = ${project} and ${ofEndpoint} and ${inTime(sql`f.logging_time`, from, to)} and f.shadow_of is null and f.status = 200
        group by ${arm} order by endpoint, model_name, model_version, role`);
      const measures = await database.execute(sql`
        with ${sessionRows(project, of)}
        select ${arm}, m.measure, ${sums('m.y', 'm.n')}
        from sessions s cross join lateral (values ('seen', s.seen, s.photos), ('acted', s.acted, s.photos), ('reported', s.reported, s.photos),
          ('decided', s.decided, s.seen), ('accepted', s.accepted, s.seen), ('overridden', s.overridden, s.seen), ('retaken', s.retaken, s.seen),
          ('abandoned', s.abandoned, s.seen), ('helped', s.helped, s.reported), ('logTime', s.log_time, s.timed)) m(measure, y, n)
        group by ${arm}, m.measure`);
      const values = await database.execute(sql`
        with ${sessionRows(project, of)}
        select ${arm}, v.currency, sum(v.events)::int as events, ${sums('v.y', 'v.n')}
        from (${valuesOfSessions()}) v group by ${arm}, v.currency order by v.currency nulls last`);
      const keyOf = (row: Row) => JSON.stringify([row.endpoint, row.model_name, row.model_version, row.role]);
      const [byArm, valuesByArm] = [measures, values].map(({ rows }) => Map.groupBy(rows as Row[], keyOf));
      return answered.rows.map((row) => toArm(row, byArm!.get(keyOf(row)) ?? [], valuesByArm!.get(keyOf(row)) ?? []));
    },

    async hasUserEvents(endpoint, since) {
      const { rows } = await database.execute(sql`
        select 1 from feedback f where f.project = ${project} and f.endpoint = ${endpoint} and f.request_at >= ${since.toISOString()}
          and f.kind in ('event', 'outcome') limit 1`);
      return rows.length > 0;
    },
  };
}

/**
 * Rows `(arm, session, currency, y, n, events)` of `photos`: what each session was worth in each currency, and its photos. Without a join: the
 * embedded database has no statistics, and one with `sessions` took a minute for 30,000 photos.
 */
export function valuesOfSessions(): SQL {
  return sql`
    select ${arm}, p.session, b.currency, sum(b.value) as y, max(p.photos)::float8 as n, count(*) as events
    from (select *, count(*) over (partition by ${arm}, session) as photos from photos) p
    cross join lateral jsonb_to_recordset(p.worth) as b(currency text, value float8)
    group by ${arm}, p.session, b.currency`;
}

/** Columns of `SessionSums`. */
export function sums(y: string, n: string): SQL {
  return sql.raw(
    `count(*) filter (where ${n} > 0)::int as sessions, sum(${y})::float8 as y, sum(${n})::float8 as n, ` +
      `sum(${y} * ${y})::float8 as yy, sum(${y} * ${n})::float8 as yn, sum(${n} * ${n})::float8 as nn`,
  );
}

export const toSums = ({ sessions, y, n, yy, yn, nn }: Row) => ({ sessions, y, n, yy, yn, nn }) as SessionSums;

export const noSums: SessionSums = { sessions: 0, y: 0, n: 0, yy: 0, yn: 0, nn: 0 };

export function addSums(a: SessionSums, b: SessionSums): SessionSums {
  const { sessions, y, n, yy, yn, nn } = b;
  return {
    sessions: a.sessions + sessions,
    y: a.y + y,
    n: a.n + n,
    yy: a.yy + yy,
    yn: a.yn + yn,
    nn: a.nn + nn,
  };
}

/** With photos without events, each a session of its own. */
function withOthers(sums: SessionSums, others: number): SessionSums {
  return { ...sums, sessions: sums.sessions + others, n: sums.n + others, nn: sums.nn + others };
}

/**
 * Values of all answered photos: those of sessions without the currency are zero.
 * @param valued sums of the sessions with it @param known sums over the photos of all sessions @param others photos without events
 */
export function worthOf(valued: Row | undefined, known: SessionSums, others: number): SessionSums {
  const { y, yy, yn } = valued ? toSums(valued) : noSums;
  return withOthers({ ...known, y, yy, yn }, others);
}

function toArm(row: Row, measured: readonly Row[], values: readonly Row[]): ArmBehaviour {
  const answered = row.answered as number;
  const found = new Map(measured.map((each) => [each.measure, toSums(each)]));
  const known = found.get('seen') ?? noSums;
  const others = Math.max(0, answered - known.n);
  const ofAnswered = new Set(['seen', 'acted', 'reported']);
  const measures = behaviourMeasures.map((name) => {
    const sums = found.get(name) ?? noSums;
    return [name, ofAnswered.has(name) ? withOthers(sums, others) : sums];
  });
  return {
    endpoint: row.endpoint as string,
    modelName: row.model_name as string,
    modelVersion: row.model_version as number | null,
    role: row.role as ArmBehaviour['role'],
    answered,
    sessions: known.sessions,
    measures: Object.fromEntries(measures) as ArmBehaviour['measures'],
    values: values.map((each) => {
      return {
        currency: each.currency as string | null,
        events: each.events as number,
        sums: worthOf(each, known, others),
      };
    }),
  };
}

function toPhoto(row: Row): PhotoBehaviour {
  return {
    session: row.session as string,
    seen: row.seen as boolean,
    decision: row.decision as PhotoBehaviour['decision'],
    decisionMs: row.decision_ms as number | null,
    values: row.worth as PhotoBehaviour['values'],
    outcome: row.outcome as PhotoBehaviour['outcome'],
  };
}
