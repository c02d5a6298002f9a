import type { PredictResponse, ServedPrediction } from '../../contracts/served-prediction.ts';
import type { RequestStore } from '../../store/requests/contract.ts';
import { requireSame, type Use } from './idempotency.ts';

/**
 * What a key was answered before, by an earlier process or one beside this.
 * @throws IDEMPOTENCY_CONFLICT
 */
export async function recallAnswer(
  requests: Pick<RequestStore, 'listRequests'>,
  apiKeyId: string,
  key: string,
  now: Use,
): Promise<PredictResponse | null> {
  const found = await requests.listRequests({ idempotency: { apiKeyId, key } });
  const rows = found
    .filter(({ shadowOf, response }) => shadowOf === null && response !== null)
    .sort((a, b) => a.instance - b.instance);
  const [first] = rows;
  if (!first) return null;
  const method = first.attention ? 'explain' : 'predict';
  requireSame({ method, endpoint: first.endpoint, bodyDigest: first.bodyDigest ?? '' }, now, key);
  const predictions = rows.map(({ response }) => response as ServedPrediction);
  return { requestId: first.requestId, endpoint: first.endpoint, predictions };
}
