import { sql } from 'drizzle-orm';
import type { AnsweredPhoto, FeedbackStore, PhotoName } from '../../feedback-store.ts';
import type { RepositoryContext } from '../context.ts';

type Row = Record<string, unknown>;

export function findPhotosMethod({ database, project }: RepositoryContext): FeedbackStore['findPhotos'] {
  return async (names) => {
    if (names.length === 0) return [];
    const { rows } = await database.execute(sql`
      with named as (
        select * from json_to_recordset(${JSON.stringify(names.map(asRow))}::json)
          as n(place int, id uuid, request text, instance int)),
      by_id as (
        select n.place, f.public_id from named n join fact_requests f on f.public_id = n.id and n.id is not null),
      by_request as (
        select n.place, f.public_id from named n
        join fact_requests f on f.http_request_id = n.request and n.request is not null
          and (n.instance is null or f.instance = n.instance)),
      found as (select * from by_id union all select * from by_request)
      select found.place, f.public_id, f.endpoint, f.logging_time, f.model_name, f.model_version, f.label, f.uncertain, f.protocol, f.status,
        coalesce(array(select json_object_keys((f.response_payload[1])::json -> 'probabilities')), '{}') as answers,
        case when (f.response_payload[1])::json -> 'classes' is null then '{}'
          else array(select json_object_keys((f.response_payload[1])::json -> 'classes')) end as classes
      from found join fact_requests f on f.public_id = found.public_id
      where f.project = ${project} and f.shadow_of is null`);
    const found = new Map<number, AnsweredPhoto | 'several'>();
    for (const row of rows) {
      const place = row.place as number;
      found.set(place, found.has(place) ? 'several' : toPhoto(row));
    }
    return names.map((_, place) => found.get(place) ?? null);
  };
}

function asRow(name: PhotoName, place: number): object {
  if ('id' in name) return { place, id: isUuid(name.id) ? name.id : null };
  return { place, request: name.requestId, instance: name.instance };
}

function toPhoto(row: Row): AnsweredPhoto {
  return {
    publicId: row.public_id as string,
    endpoint: row.endpoint as string,
    loggingTime: new Date(row.logging_time as string),
    modelName: row.model_name as string,
    modelVersion: row.model_version as number | null,
    label: row.label as string | null,
    uncertain: row.uncertain as boolean,
    protocol: row.protocol as AnsweredPhoto['protocol'],
    status: row.status as number,
    answers: row.answers as string[],
    classes: row.classes as string[],
  };
}

const isUuid = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
