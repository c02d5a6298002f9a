import type { LoggedRequest } from '../../contracts/request-record.ts';
import type { PredictResponse, ServedPrediction } from '../../contracts/served-prediction.ts';
import type { RequestStore } from '../../store/requests/contract.ts';
import { requireSame, type Use } from './idempotency.ts';

/**
 * The answer that an earlier or parallel process logged under the key, whole and in the order of the photos; shadows answered nobody. Null when a
 * process died before it had logged every photo: then nothing was sent.
 * @throws IDEMPOTENCY_CONFLICT
 */
export async function recallAnswer(
  requests: Pick<RequestStore, 'scanRequests'>,
  apiKeyId: string,
  use: Use,
  photos: number,
): Promise<PredictResponse | null> {
  const answered: LoggedRequest[] = [];
  for await (const page of requests.scanRequests({ idempotency: { apiKeyId, key: use.key } }))
    answered.push(...page.filter(({ shadowOf, response }) => shadowOf === null && response !== null));
  const [any] = answered;
  if (!any) return null;
  const method = any.attention ? 'explain' : 'predict';
  requireSame({ method, endpoint: any.endpoint, bodyDigest: any.bodyDigest ?? '' }, use);
  const whole = [...Map.groupBy(answered, ({ requestId }) => requestId)].find(([, rows]) => rows.length === photos);
  if (!whole) return null;
  const [requestId, rows] = whole;
  const predictions = rows
    .toSorted((a, b) => a.instance - b.instance)
    .map(({ response }) => response as ServedPrediction);
  return { requestId, endpoint: any.endpoint, predictions };
}
