import { type SQL, sql } from 'drizzle-orm';
import type { AnsweredPhoto } from '../../contracts/loop/feedback.ts';
import type { RepositoryContext } from '../database/context.ts';
import type { FeedbackStore } from './contract.ts';
import { anyUuid, inProject } from './truth.ts';

type Row = Record<string, unknown>;

export function findPhotosMethod({ database, project }: RepositoryContext): FeedbackStore['findPhotos'] {
  const photosWhere = async (condition: SQL): Promise<Named[]> => {
    const { rows } = await database.execute(sql`
      select f.public_id, f.endpoint, f.logging_time, f.model_name, f.model_version, f.label, f.uncertain, f.protocol, f.status,
        f.http_request_id, f.instance,
        coalesce(((f.response_payload[1])::json -> 'probabilities' ->> f.label)::float8, f.probability) as probability,
        array(select json_object_keys((f.response_payload[1])::json -> 'probabilities')) as answers
      from fact_requests f where ${condition} and f.shadow_of is null and ${inProject(project, sql`f.project`)}`);
    return rows.map(
      (row) => ({ photo: toPhoto(row), requestId: row.http_request_id, instance: row.instance }) as Named,
    );
  };
  return async (names) => {
    const ids = names.flatMap((name) => ('id' in name && isUuid(name.id) ? name.id : []));
    const requests = names.flatMap((name) => ('id' in name ? [] : name.requestId));
    const byId = ids.length > 0 ? await photosWhere(sql`f.public_id = ${anyUuid(ids)}`) : [];
    const texts = sql`any(array(select json_array_elements_text(${JSON.stringify(requests)}::json)))`;
    const byRequest = requests.length > 0 ? await photosWhere(sql`f.http_request_id = ${texts}`) : [];
    const withId = Map.groupBy(byId, ({ photo }) => photo.publicId);
    const ofRequest = Map.groupBy(byRequest, ({ requestId }) => requestId);
    return names.map((name) => {
      if ('id' in name) return onlyOne(withId.get(name.id.toLowerCase()));
      const { requestId, instance } = name;
      return onlyOne(ofRequest.get(requestId)?.filter((one) => instance === null || one.instance === instance));
    });
  };
}

interface Named {
  photo: AnsweredPhoto;
  requestId: string;
  instance: number;
}

function onlyOne(found: readonly Named[] = []): AnsweredPhoto | 'several' | null {
  if (found.length > 1) return 'several';
  return found[0]?.photo ?? null;
}

function toPhoto(row: Row): AnsweredPhoto {
  return {
    publicId: row.public_id as string,
    endpoint: row.endpoint as string,
    loggingTime: new Date(row.logging_time as string),
    modelName: row.model_name as string,
    modelVersion: row.model_version as number | null,
    label: row.label as string | null,
    probability: row.probability as number | null,
    uncertain: row.uncertain as boolean,
    protocol: row.protocol as AnsweredPhoto['protocol'],
    status: row.status as number,
    answers: row.answers as string[],
  };
}

const isUuid = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
