import type { PredictResponse, ServedPrediction } from '../../contracts/served-prediction.ts';
import type { RequestStore } from '../../store/requests/contract.ts';
import { requireSame, type Use } from './idempotency.ts';

/** The answer that an earlier or parallel process logged under the key. @throws IDEMPOTENCY_CONFLICT */
export async function recallAnswer(
  requests: Pick<RequestStore, 'listRequests'>,
  apiKeyId: string,
  use: Use,
): Promise<PredictResponse | null> {
  const found = await requests.listRequests({ idempotency: { apiKeyId, key: use.key } });
  const rows = found
    .filter(({ shadowOf, response }) => shadowOf === null && response !== null)
    .sort((a, b) => a.instance - b.instance);
  const [first] = rows;
  if (!first) return null;
  const method = first.attention ? 'explain' : 'predict';
  requireSame({ method, endpoint: first.endpoint, bodyDigest: first.bodyDigest ?? '' }, use);
  const predictions = rows.map(({ response }) => response as ServedPrediction);
  return { requestId: first.requestId, endpoint: first.endpoint, predictions };
}
