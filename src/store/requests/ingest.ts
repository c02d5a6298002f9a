import { type SQL, sql } from 'drizzle-orm';
import type { JournalPosition } from '../../contracts/request-record.ts';

/** sha256 of project and id, as in a tombstone. `id` is the photo's sha256 or the request's UUID, as SQL text. */
function tombstoneHash(project: SQL, id: SQL): SQL {
  return sql`encode(sha256(convert_to(${project} || '/' || ${id}, 'UTF8')), 'hex')`;
}

/** Time of the erasure; null, without a lookup, while there are no tombstones. */
function erasedAt(id: SQL): SQL {
  const hash = tombstoneHash(sql`r.project`, id);
  return sql`case when (select there from tombs) then (select t.at from tombstones t where t.hash = ${hash}) end`;
}

/**
 * One statement, so one transaction and one round trip, with one parameter for all rows. No prepared statement, because attached commands
 * share PGlite's only session. Returns the erased photos of the batch.
 */
export function ingestStatement(source: string, rows: readonly string[], position: JournalPosition): SQL {
  return sql`
    with tombs as materialized (select exists (select 1 from tombstones) as there),
    batch as materialized (
      select r.*, ${erasedAt(sql`r."imageSha256"`)} as image_erased, ${erasedAt(sql`r."publicId"::text`)} as request_erased
      from json_to_recordset(${`[${rows.join(',')}]`}::json) as r(${columns})
    ),
    added as (
      insert into fact_requests (
        public_id, logging_time, project, endpoint, deployed_model_id, request_payload, response_payload, model_name, model_version, role,
        shadow_of, http_request_id, instance, protocol, api_key_id, idempotency_key, body_digest, status, error_code, label, probability,
        positive_probability, threshold, uncertain, probabilities, image_sha256, pixels_sha256, image_format, image_bytes, image_kept, image_not_kept, properties, quality,
        out_of_distribution_score, out_of_distribution, projection, embedding, latency_ms, queue_ms, inference_ms, attributes, attention, subject)
      select
        "publicId", "loggingTime", project, endpoint, "deployedModelId",
        case when "imageSha256" is null then '{}' else array['sha256:' || "imageSha256"] end,
        case when response is null then '{}' else array[response::text] end,
        "modelName", "modelVersion", role, "shadowOf", "requestId", instance, protocol, "apiKeyId", "idempotencyKey", "bodyDigest", status,
        "errorCode", label, probability, "positiveProbability", threshold, uncertain, probabilities, "imageSha256", "pixelsSha256", "imageFormat", "imageBytes",
        "imageKept" and image_erased is null, "imageNotKept", properties, quality, "outOfDistributionScore", "outOfDistribution",
        decode(projection, 'base64'), decode(embedding, 'base64'), "latencyMs", "queueMs", "inferenceMs", attributes, attention, subject
      from batch
      where request_erased is null and (image_erased is null or "loggingTime" > image_erased)
      on conflict (public_id, logging_time) do nothing
      returning project, endpoint, logging_time, model_name, model_version, role, status, latency_ms, uncertain, out_of_distribution, label
    ),
    ${hoursOf(sql`added`)},
    moved as (
      insert into journal_positions (source, segment, "offset") values (${source}, ${position.segment}, ${position.offset})
      on conflict (source) do update set segment = excluded.segment, "offset" = excluded."offset"
    )
    select distinct project, "imageSha256" as image from batch where image_erased is not null`;
}

/** Adds rows of the log to the counts of their hours. Ordered, so that two servers do not wait for each other's rows. */
function hoursOf(added: SQL): SQL {
  return sql`
    requests_counted as (
      insert into request_hours (${hourColumns}, latency_step, photos, answered, failed, refused, uncertain, out_of_distribution)
      select ${ofHour}, floor(8 * ln(greatest(latency_ms, 0.1)) / ln(2))::int, count(*), count(*) filter (where status = 200),
        count(*) filter (where status >= 500), count(*) filter (where status >= 400 and status < 500),
        count(*) filter (where uncertain), count(*) filter (where out_of_distribution)
      from ${added} group by 1, 2, 3, 4, 5, 6, 7 order by 1, 2, 3, 4, 5, 6, 7
      on conflict (${hourColumns}, latency_step) do update set photos = request_hours.photos + excluded.photos,
        answered = request_hours.answered + excluded.answered, failed = request_hours.failed + excluded.failed,
        refused = request_hours.refused + excluded.refused, uncertain = request_hours.uncertain + excluded.uncertain,
        out_of_distribution = request_hours.out_of_distribution + excluded.out_of_distribution
    ),
    labels_counted as (
      insert into label_hours (${hourColumns}, label, photos)
      select ${ofHour}, label, count(*) from ${added} where label is not null group by 1, 2, 3, 4, 5, 6, 7 order by 1, 2, 3, 4, 5, 6, 7
      on conflict (${hourColumns}, label) do update set photos = label_hours.photos + excluded.photos
    )`;
}

const hourColumns = sql.raw('project, endpoint, hour, model_name, model_version, role');
const ofHour = sql.raw(
  `project, endpoint, date_trunc('hour', logging_time, 'UTC'), model_name, coalesce(model_version, 0), role`,
);

const columns =
  sql.raw(`"publicId" uuid, "loggingTime" timestamptz, project text, endpoint text, "deployedModelId" text, "modelName" text,
  "modelVersion" int, role text, "shadowOf" uuid, "requestId" text, instance int, protocol text, "apiKeyId" text, "idempotencyKey" text,
  "bodyDigest" text, status int, "errorCode" text, response json, label text, probability real,
  "positiveProbability" real, threshold real, uncertain boolean, probabilities real[], "imageSha256" text, "pixelsSha256" text, "imageFormat" text, "imageBytes" int, "imageKept" boolean, "imageNotKept" text, properties jsonb, quality text[],
  "outOfDistributionScore" real, "outOfDistribution" boolean, projection text, embedding text, "latencyMs" real, "queueMs" real,
  "inferenceMs" real, attributes jsonb, attention jsonb, subject text`);
