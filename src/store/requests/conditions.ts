import { and, eq, gte, isNotNull, isNull, lt, lte, ne, type SQL, sql } from 'drizzle-orm';
import { eqIf } from '../database/conditions.ts';
import { factRequests } from '../database/schema.ts';
import { isLabel, newestTruth } from '../feedback/truth.ts';
import type { RequestFilter } from './contract.ts';
import { score } from './score.ts';

/** What a filter asks of a row of the log. */
export function conditions(project: string, filter: RequestFilter): (SQL | undefined)[] {
  const { endpoint, from, to, role, label, imageSha256, pixelsSha256, idempotency, httpRequestId, subject } = filter;
  const { attribute, minScore, maxScore } = filter;
  return [
    eqIf(factRequests.endpoint, endpoint),
    eqIf(factRequests.subject, subject),
    from && gte(factRequests.loggingTime, from),
    to && lt(factRequests.loggingTime, to),
    eqIf(factRequests.role, role),
    eqIf(factRequests.label, label),
    eqIf(factRequests.imageSha256, imageSha256),
    eqIf(factRequests.pixelsSha256, pixelsSha256),
    eqIf(factRequests.apiKeyId, idempotency?.apiKeyId),
    eqIf(factRequests.idempotencyKey, idempotency?.key),
    eqIf(factRequests.httpRequestId, httpRequestId),
    eqIf(factRequests.modelVersion, filter.modelVersion),
    eqIf(factRequests.uncertain, filter.uncertain),
    eqIf(factRequests.outOfDistribution, filter.outOfDistribution),
    ofQuality(filter.quality),
    ofError(filter.error),
    // a bare parameter takes the type of the column, and 1e-300 is no real
    minScore === undefined ? undefined : gte(score('fact_requests'), sql`${minScore}::float8`),
    maxScore === undefined ? undefined : lte(score('fact_requests'), sql`${maxScore}::float8`),
    attribute && sql`${factRequests.attributes} ->> ${attribute.name} = ${attribute.value}`,
    filter.answered && and(isNull(factRequests.shadowOf), eq(factRequests.status, 200)),
    ofVerdict(project, filter),
  ];
}

/** In the terms of the index of notable rows. */
function ofQuality(quality: RequestFilter['quality']): SQL | undefined {
  if (quality === undefined) return undefined;
  const any = sql`${factRequests.quality} <> '{}'`;
  return quality === 'any' ? any : and(any, sql`${factRequests.quality} @> array[${quality}]`);
}

function ofError(error: string | undefined): SQL | undefined {
  if (error === undefined) return undefined;
  return and(
    ne(factRequests.status, sql`200`),
    error === 'any' ? isNotNull(factRequests.errorCode) : eq(factRequests.errorCode, error),
  );
}

/** Labels are few beside requests: looked up by their request. */
function ofVerdict(project: string, { verdict, endpoint }: RequestFilter): SQL | undefined {
  if (verdict === undefined) return undefined;
  const { publicId, label } = factRequests;
  if (verdict === 'none')
    return sql`not exists (select 1 from feedback b where b.request = ${publicId} and ${isLabel('b')})`;
  const ofEndpoint = endpoint === undefined ? sql`true` : sql`b.endpoint = ${endpoint}`;
  const labelled = sql`${publicId} = any(array(
    select b.request from feedback b where b.project = ${project} and ${ofEndpoint} and ${isLabel('b')}))`;
  const isRight = sql`(${label} is not distinct from t.label)`;
  return sql`${labelled} and exists (select 1 from (${newestTruth(sql`${publicId}`)}) t where ${verdict === 'right' ? isRight : sql`not ${isRight}`})`;
}
