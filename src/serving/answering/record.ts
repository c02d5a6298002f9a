import { callerOf } from '../../contracts/access.ts';
import type { RequestRecord } from '../../contracts/request-record.ts';
import type { ServedPrediction } from '../../contracts/served-prediction.ts';
import type { MitateError } from '../../errors/index.ts';
import type { Judged } from '../../inference/judge.ts';
import type { PoolAnswer } from '../../inference/pool-answer.ts';
import type { RoutedPhoto } from './routed-request.ts';

/** Result of one photo. */
export interface Outcome {
  numbers: PoolAnswer;
  judged: Judged;
  /** Null for a shadow. */
  response: ServedPrediction | null;
  shadowOf: string | null;
  attention: RequestRecord['attention'];
  notKept?: RequestRecord['imageNotKept'];
}

/** The photo's row in the request log. */
export function answeredRecord(photo: RoutedPhoto, { numbers, judged, ...outcome }: Outcome): RequestRecord {
  const { prediction, isUncertain, distribution } = judged;
  return {
    ...base(photo),
    shadowOf: outcome.shadowOf,
    status: 200,
    errorCode: null,
    response: outcome.response,
    label: prediction.label,
    probability: prediction.probability,
    positiveProbability: prediction.positiveProbability ?? null,
    threshold: prediction.threshold ?? null,
    uncertain: isUncertain,
    probabilities: Array.from(numbers.probabilities),
    imageSha256: numbers.imageSha256,
    pixelsSha256: numbers.pixelsSha256,
    imageFormat: numbers.format,
    imageNotKept: outcome.notKept ?? null,
    properties: { ...numbers.properties },
    quality: numbers.quality,
    outOfDistributionScore: distribution?.score ?? null,
    outOfDistribution: distribution?.flagged ?? false,
    projection: base64(numbers.projection),
    embedding: numbers.embedding && base64(numbers.embedding),
    queueMs: numbers.queueMs,
    inferenceMs: numbers.inferenceMs,
    attention: outcome.attention,
  };
}

/** The row of a photo whose deployment gave no answer. */
export function failedRecord(photo: RoutedPhoto, error: MitateError, shadowOf: string | null = null): RequestRecord {
  return {
    ...base(photo),
    shadowOf,
    status: error.status,
    errorCode: error.code,
    response: null,
    label: null,
    probability: null,
    positiveProbability: null,
    threshold: null,
    uncertain: false,
    probabilities: null,
    imageSha256: null,
    pixelsSha256: null,
    imageFormat: null,
    imageNotKept: null,
    properties: null,
    quality: [],
    outOfDistributionScore: null,
    outOfDistribution: false,
    projection: null,
    embedding: null,
    queueMs: 0,
    inferenceMs: 0,
    attention: null,
  };
}

function base({ request, route, deployed, id, instance, image }: RoutedPhoto) {
  const { principal, idempotency } = request;
  return {
    publicId: id,
    loggingTime: (request.now?.() ?? new Date()).toISOString(),
    project: route.project,
    endpoint: route.endpoint,
    deployedModelId: deployed.id,
    modelName: deployed.model.name,
    modelVersion: deployed.model.version,
    role: deployed.role,
    requestId: request.requestId,
    instance,
    protocol: request.protocol,
    apiKeyId: principal.kind === 'anonymous' ? null : callerOf(principal),
    idempotencyKey: idempotency?.key ?? null,
    bodyDigest: idempotency?.bodyDigest ?? null,
    imageBytes: image.length,
    latencyMs: performance.now() - request.arrivedAtMs,
    attributes: request.attributes ?? {},
    subject: request.subject ?? null,
  };
}

/** Of the bytes in memory: little endian on every machine that Node runs on. */
function base64({ buffer, byteOffset, byteLength }: Uint8Array | Float32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}
