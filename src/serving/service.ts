import type { Principal } from '../contracts/access.ts';
import type { RequestRecord } from '../contracts/request-record.ts';
import type { PredictResponse, ServedExplanation } from '../contracts/served-prediction.ts';

/** A request of any protocol, already parsed. */
export interface ServiceRequest {
  principal: Principal;
  /** Null = the default endpoint (`--default-endpoint`, else the only one, else ENDPOINT_NOT_NAMED). */
  endpoint: string | null;
  /** Of the HTTP request. */
  requestId: string;
  protocol: RequestRecord['protocol'];
  /** At least one; JPEG, PNG or WebP bytes. */
  images: readonly Uint8Array[];
  /** Answered by the stable or canary deployment of this version, whatever the traffic. Default: the router chooses. @throws ENDPOINT_VERSION_UNKNOWN */
  version?: number | undefined;
  /** `X-Mitate-Key`: the same key goes to the same deployment. Default: the request id. */
  assignmentKey?: string | undefined;
  /** `Idempotency-Key`, and sha256 of the body. */
  idempotency?: { key: string; bodyDigest: string } | undefined;
  attributes?: Record<string, string | number | boolean> | undefined;
  /** Arrival, `performance.now()`. */
  arrivedAtMs: number;
  signal?: AbortSignal | undefined;
}

export interface ExplainRequest extends ServiceRequest {
  /** A label of the head, or a question's positive or negative name. Default: that of the answer. */
  classLabel?: string | undefined;
}

/** What every protocol calls: routes, waits in the bounded queue, infers, judges, logs, answers. */
export interface Service {
  /** @throws ENDPOINT_*, QUEUE_FULL (with retryAfterS in details), INFERENCE_*, IMAGE_*, IDEMPOTENCY_CONFLICT, JOURNAL_FAILED */
  predict(request: ServiceRequest): Promise<PredictResponse>;
  /** One image. `overlay`: PNG bytes of the photo under its heat map. */
  explain(request: ExplainRequest): Promise<ServedExplanation & { overlay(): Promise<Uint8Array> }>;
  /** May this principal ask this endpoint: a key that may predict, or an endpoint that is public. Null = the default endpoint. @throws ACCESS_* */
  authorize(principal: Principal, endpoint: string | null): void;
  /** What a protocol needs to describe a model: never names training photos. Null = the default endpoint. @throws ENDPOINT_* */
  describe(project: string, endpoint: string | null): EndpointDescription;
  /** Names of the endpoints that are ready to answer in the project. */
  ready(project: string): string[];
  /** Thrown at once, before a body is read, when the queue is full. @throws QUEUE_FULL, SERVICE_DRAINING */
  admit(): void;
  /** True once every live deployment that should be warm is; false while starting or draining. */
  readonly isReady: boolean;
}

export interface EndpointDescription {
  name: string;
  versions: { model: string; version: number | null; role: string; traffic: number; ready: boolean }[];
  /** Of the stable deployment. */
  labels: string[];
  /** Positive name of a question's task; null for multi-class. */
  positive: string | null;
  isPublic: boolean;
}
