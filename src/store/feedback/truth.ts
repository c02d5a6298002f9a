import { type SQL, sql } from 'drizzle-orm';
import { publicSources } from '../../contracts/loop/feedback.ts';

/** @param row alias of a row of feedback */
export const isPublic = (row: string) =>
  sql.raw(`${row}.source in (${publicSources.map((source) => `'${source}'`).join(', ')})`);

/** Which entry `f` on a photo counts: the newest, and of public sources only when there is no other. */
export const whatCounts = sql`${isPublic('f')}, f.seq desc`;

/**
 * Rows `(request, label, weight)` of photos with a label or verdict, the fields of a `Truth`, for joins over many of them. See
 * `whatCounts`. Weight: 1 for unsolicited labels, 1 / chance for photos drawn for review, 0 for picked photos.
 * @param requests condition on `f.request` that selects them; default: all of the project
 */
export function truthRows(project: string, requests?: SQL): SQL {
  const ofProject = requests ? sql`${inProject(project, sql`f.project`)} and ${requests}` : sql`f.project = ${project}`;
  return sql`
    select newest.request, newest.label,
      case when newest.volunteered then 1 when i.reason = 'random' then 1 / i.chance::float8 else 0 end as weight
    from (
      select distinct on (f.request) f.request, f.truth as label,
        bool_or(f.source <> 'queue') over (partition by f.request) as volunteered
      from feedback f
      where ${ofProject} and f.kind in ('label', 'verdict')
      order by f.request, ${whatCounts}) newest
    left join review_items i on i.request = newest.request`;
}

/**
 * The label or verdict of one photo that counts, as zero or one rows `(label)`, for `lateral` joins with many requests of the project. Uses the
 * index; a plain join compared 2,000 labels with 8,000 requests one by one. Not filtered by project, which would scan all labels.
 * @param request SQL of the photo's public id
 */
export function newestTruth(request: SQL): SQL {
  return sql`
    select f.truth as label from feedback f
    where f.request = ${request} and f.kind in ('label', 'verdict') order by ${whatCounts} limit 1`;
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
