import { combine } from '../../artifacts/model/combine.ts';
import type { SubjectHistory } from '../../contracts/api/requests.ts';
import type { EndpointSettings } from '../../contracts/endpoint.ts';
import type { LoggedRequest } from '../../contracts/request-record.ts';
import type { ServedPrediction } from '../../contracts/served-prediction.ts';
import { MitateError } from '../../errors/index.ts';
import { trendOf } from '../../feedback/subjects/trend.ts';
import type { OpenStore } from '../../store/open-store.ts';

type Visit = SubjectHistory['visits'][number];

const mostVisits = 200;
const mostPhotos = 5_000;

/**
 * What was predicted for a subject over time, and whether it gets worse. Answers are uncertain by the endpoint's band as it is now.
 * @throws SUBJECT_UNKNOWN
 */
export async function followSubject(
  { requests, endpoints, project }: Pick<OpenStore, 'requests' | 'endpoints' | 'project'>,
  subject: string,
): Promise<SubjectHistory> {
  const rows = await requests.listRequests({ subject, answered: true, limit: mostPhotos });
  if (rows.length === 0) throw new MitateError('SUBJECT_UNKNOWN', { subject, project });
  const bands = new Map((await endpoints.listEndpoints()).map(({ name, settings }) => [name, settings.abstain]));
  const photosOfVisits = [...Map.groupBy(rows, ({ requestId }) => requestId).values()];
  // newest first: the last one may go on beyond the limit
  const isCut = rows.length === mostPhotos && photosOfVisits.length > 1;
  const visits = photosOfVisits
    .slice(0, isCut ? -1 : undefined)
    .map((photos) => visitOf(photos, bands.get(photos[0]!.endpoint) ?? null))
    .sort((a, b) => a.at.getTime() - b.at.getTime())
    .slice(-mostVisits);
  return { subject, visits, trend: trendOf(visits) };
}

function visitOf(rows: LoggedRequest[], abstain: EndpointSettings['abstain']): Visit {
  const photos = rows.toSorted((a, b) => a.instance - b.instance);
  const [first] = photos as [LoggedRequest];
  const { requestId, loggingTime, endpoint, modelName, modelVersion } = first;
  return {
    requestId,
    at: loggingTime,
    endpoint,
    model: { name: modelName, version: modelVersion },
    predictions: photos.map(({ publicId }) => publicId),
    combined: combine(
      photos.map(({ response }) => response as ServedPrediction),
      abstain,
    ),
  };
}
