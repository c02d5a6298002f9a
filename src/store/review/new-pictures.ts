import { type SQL, sql } from 'drizzle-orm';
import type { FillWindow } from '../../contracts/loop/review.ts';
import { isLabel, isPublic } from '../feedback/truth.ts';
import { float16s } from '../requests/row.ts';
import { score } from '../requests/score.ts';
import type { Candidate } from './contract.ts';

/**
 * Rows `fresh`: the first successful request of each picture since then that was never queued and has no label from a labeller; `is_new` in the window. With what a shadow or
 * another version predicted for the same pixels: `contested`, and `spread` of the probabilities.
 */
export function newPictures(project: string, { endpoint, start, end }: FillWindow, since: Date): SQL {
  return sql`
    with answers as (
      select f.public_id, f.logging_time, f.request_id, f.shadow_of, f.image_kept, f.pixels_sha256, f.uncertain, f.out_of_distribution,
        f.out_of_distribution_score, coalesce(f.pixels_sha256, f.public_id::text) as picture,
        min(f.label) over pixels <> max(f.label) over pixels as contested,
        max(${score('f')}) over pixels - min(${score('f')}) over pixels as spread
      from fact_requests f
      where f.project = ${project} and f.endpoint = ${endpoint} and f.status = 200
        and f.logging_time >= ${since.toISOString()}::timestamptz and f.logging_time < ${end.toISOString()}::timestamptz
      window pixels as (partition by coalesce(f.pixels_sha256, f.public_id::text))),
    firsts as (
      select distinct on (picture) * from answers where shadow_of is null order by picture, logging_time, request_id)
    select *, logging_time >= ${start.toISOString()}::timestamptz as is_new from firsts a
      -- one look into the index for each: without statistics a join compares every picture with all that were queued
      where (
          select i.request from review_items i
          where i.project = ${project} and i.endpoint = ${endpoint} and i.pixels_sha256 = a.pixels_sha256 limit 1) is null
        and not exists (select 1 from review_items i where i.request = a.public_id)
        and not exists (
          select 1 from feedback l where l.request = a.public_id and ${isLabel('l')} and not ${isPublic('l')})`;
}

/** From the probabilities in the response: highest minus second highest. */
const margin = sql`(
  select top[1] - coalesce(top[2], 0) from (
    select array(select value::text::float8 from json_each((f.response_payload[1])::json -> 'probabilities') order by 1 desc limit 2) as top) m)`;

export const itsRequest: SQL = sql`join fact_requests f on f.public_id = a.public_id and f.logging_time = a.logging_time`;

/** Columns of a candidate; `a` is a row of `fresh`, `f` its request. */
export const candidateColumns: SQL = sql`f.public_id, f.model_name, f.model_version, f.label, f.uncertain, f.pixels_sha256,
  f.out_of_distribution, f.out_of_distribution_score, f.projection, ${margin} as margin,
  case when a.contested then 0.5 + a.spread / 2 else 0 end as disagreement`;

export function toCandidate(row: Record<string, unknown>): Candidate {
  return {
    publicId: row.public_id as string,
    modelName: row.model_name as string,
    modelVersion: row.model_version as number | null,
    label: row.label as string | null,
    uncertain: row.uncertain as boolean,
    outOfDistribution: row.out_of_distribution as boolean,
    outOfDistributionScore: row.out_of_distribution_score as number | null,
    pixelsSha256: row.pixels_sha256 as string | null,
    margin: row.margin as number | null,
    disagreement: row.disagreement as number,
    projection: row.projection === null ? null : float16s(row.projection as Uint8Array),
  };
}
