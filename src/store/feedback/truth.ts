import { type SQL, sql } from 'drizzle-orm';
import { labelKinds, publicSources } from '../../contracts/loop/feedback.ts';

/** @param row alias of a row of feedback */
export const isPublic = (row: string) => sql.raw(`${row}.source in (${quoted(publicSources)})`);

const quoted = (words: readonly string[]) => words.map((word) => `'${word}'`).join(', ');

/** Which entry `f` on a photo counts: an adjudication, else the newest, and of public sources only when there is no other. */
export const whatCounts = sql`f.source <> 'adjudication', ${isPublic('f')}, f.seq desc`;

/** The labeller of an entry: `user:mika` (console) and `local:mika` (command line) are one. @param row alias of a row of feedback */
export const labeller = (row: string) => person(sql.raw(`${row}.who`));

export const person = (who: SQL) => sql`regexp_replace(${who}, '^(user|local):', '')`;

/** @param row alias of a row of feedback */
export const isLabel = (row: string) => sql.raw(`${row}.kind in (${quoted(labelKinds)})`);

/** How many labellers labelled a photo. @param request SQL of its public id */
export const labellersOf = (request: SQL) => sql`(
  select count(distinct ${labeller('f')})::int from feedback f where f.request = ${request} and ${isLabel('f')} and not ${isPublic('f')})`;

/**
 * Rows `(request, endpoint, label, volunteered, disputed, request_at, first_at)` of photos with a label or verdict. Disputed: the newest labels of
 * labellers disagree, nobody adjudicated, and the endpoint does not take the majority, or there is none. `first_at`: of the first label, of public
 * sources only when there is no other.
 * @param of condition on `f`, the feedback
 */
export function decidedRows(of: SQL): SQL {
  return sql`
    select v.request, v.endpoint, v.volunteered, v.request_at, v.first_at,
      case when v.is_disputed then m.label else v.newest end as label, v.is_disputed and m.label is null as disputed
    from (
      select f.request, f.project, f.endpoint, (array_agg(f.truth order by ${whatCounts}))[1] as newest,
        coalesce(bool_or(f.source not in ('queue', 'adjudication')) filter (where not ${isPublic('f')}), true) as volunteered,
        coalesce(min(f.at) filter (where not ${isPublic('f')}), min(f.at)) as first_at,
        min(f.request_at) as request_at,
        array_agg(f.truth) filter (where f.is_vote) as votes,
        count(distinct f.truth) filter (where f.is_vote) > 1 and not bool_or(f.source = 'adjudication') as is_disputed
      from (
        select f.*, f.truth is not null and not ${isPublic('f')} and f.seq = max(f.seq) over (
          partition by f.request, ${labeller('f')}, ${isPublic('f')}) as is_vote
        from feedback f where ${of} and ${isLabel('f')}) f
      group by f.request, f.project, f.endpoint) v
    left join lateral (
      select label from unnest(v.votes) as label where v.is_disputed and exists (
        select 1 from endpoints e
        where e.project = v.project and e.name = v.endpoint and e.settings #>> '{review,disputes}' = 'majority')
      group by label having count(*) * 2 > cardinality(v.votes)) m on true`;
}

/**
 * Rows `(request, label, weight)` of photos whose truth is known, the fields of a `Truth`, for joins over many of them. See
 * `decidedRows`. Weight: 1 for unsolicited labels, and for photos that were never queued; 1 / chance for photos
 * drawn for review, 0 for picked photos. What strangers say changes no weight.
 * @param requests condition on `f.request` that selects them; default: all of the project
 */
export function truthRows(project: string, requests?: SQL): SQL {
  const ofProject = requests ? sql`${inProject(project, sql`f.project`)} and ${requests}` : sql`f.project = ${project}`;
  return sql`
    select d.request, d.label, ${weight}
    from (${decidedRows(ofProject)}) d left join review_items i on i.request = d.request
    where not d.disputed`;
}

const weight = sql.raw(
  `case when d.volunteered or i.request is null then 1 when i.reason = 'random' then 1 / i.chance::float8 else 0 end as weight`,
);

/**
 * The label or verdict of one photo that counts, as zero or one rows `(label)`, for `lateral` joins with many requests of the project. Uses the
 * index; a plain join compared 2,000 labels with 8,000 requests one by one. Not filtered by project, which would scan all labels.
 * @param request SQL of the photo's public id
 */
export function newestTruth(request: SQL): SQL {
  return sql`select d.label from (${decidedRows(sql`f.request = ${request}`)}) d where not d.disputed`;
}

/**
 * Rows `(request, first_at)` of photos that have a label which trains: not of strangers alone, and not in dispute.
 * @param since condition on `l`, the labels of which a photo has at least one, not counting those of strangers
 */
export function trustedRows(project: string, endpoint: string | null, since: SQL): SQL {
  const ofEndpoint = endpoint === null ? sql`true` : sql`l.endpoint = ${endpoint}`;
  return sql`
    select d.request, d.first_at from (${decidedRows(sql`f.request = any(array(
      select l.request from feedback l
      where l.project = ${project} and ${ofEndpoint} and ${isLabel('l')} and not ${isPublic('l')} and ${since}))`)}) d
    where not d.disputed`;
}

/**
 * The entry `f` that the label of a photo comes from, with its attributes, as one row for `lateral` joins. Uses the index.
 * @param label SQL of the photo's label
 */
export function countingEntry(request: SQL, label: SQL): SQL {
  return sql`
    select f.* from feedback f where f.request = ${request} and ${isLabel('f')}
    order by f.truth is distinct from ${label}, ${whatCounts} limit 1`;
}

/**
 * `= any(...)` of uuids in one parameter, which uses the index on a table of any size. A join took 38 s for 5,000 ids with 20,000
 * rows, because the embedded database has no statistics.
 */
export function anyUuid(ids: readonly string[]): SQL {
  return sql`any(array(select value::uuid from json_array_elements_text(${JSON.stringify(ids)}::json)))`;
}

/**
 * For rows addressed one by one: with a plain comparison the embedded database, which has no statistics, also read the index of the whole
 * project, 0.2 s per 1,000 of a million rows.
 */
export function inProject(project: string, column: SQL): SQL {
  return sql`${column} || '' = ${project}`;
}
