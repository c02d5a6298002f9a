import type { Principal } from '../contracts/access.ts';
import type { EndpointSettings } from '../contracts/endpoint.ts';
import type { RequestRecord } from '../contracts/request-record.ts';
import type { PredictResponse, ServedExplanation } from '../contracts/served-prediction.ts';
import type { Model } from './deployments/model.ts';

/** A parsed request of any protocol. */
export interface ServiceRequest {
  principal: Principal;
  /** Null = the default endpoint (`--default-endpoint`, else the only one, else ENDPOINT_NOT_NAMED). */
  endpoint: string | null;
  requestId: string;
  protocol: RequestRecord['protocol'];
  /** At least one; JPEG, PNG or WebP bytes. */
  images: readonly Uint8Array[];
  /** Pins the stable or canary deployment of this version, whatever its traffic. Default: the router chooses. @throws ENDPOINT_VERSION_UNKNOWN */
  version?: number | undefined;
  /** `X-Mitate-Key`: the same key gets the same deployment. Default: the request id. */
  assignmentKey?: string | undefined;
  /** `Idempotency-Key` and the body's sha256. */
  idempotency?: { key: string; bodyDigest: string } | undefined;
  attributes?: Record<string, string | number | boolean> | undefined;
  /** That all photos show; their combined answer is given, too. */
  subject?: string | undefined;
  /** Arrival, `performance.now()`. */
  arrivedAtMs: number;
  signal?: AbortSignal | undefined;
  /** Of what is logged. Default: the system's. */
  now?: (() => Date) | undefined;
}

export interface ExplainRequest extends ServiceRequest {
  /** A label of the head, or a question's positive or negative name. Default: the answer's label. */
  classLabel?: string | undefined;
}

/** What every protocol calls: admits, routes, infers, applies the endpoint's settings, logs, answers. */
export interface Service {
  /** @throws ENDPOINT_*, QUEUE_FULL (with retryAfterS in details), INFERENCE_*, IMAGE_*, IDEMPOTENCY_CONFLICT, JOURNAL_FAILED */
  predict(request: ServiceRequest): Promise<PredictResponse>;
  /** One image. `overlay`: PNG bytes, the heat map over the photo. */
  explain(request: ExplainRequest): Promise<ServedExplanation & { overlay(): Promise<Uint8Array> }>;
  /** Passes if the principal may predict or the endpoint is public. Null = the default endpoint. @throws ACCESS_* */
  authorize(principal: Principal, endpoint: string | null): void;
  /** For the metadata routes of protocols; names no training photos. Null = the default endpoint. @throws ENDPOINT_* */
  describe(project: string, endpoint: string | null): EndpointDescription;
  /** Of the deployment that most requests go to. @throws ENDPOINT_* */
  stable(project: string, endpoint: string): { model: Model; settings: EndpointSettings };
  /** Whether pages of the origin may call the endpoint, in any project: a browser asks without a key. Null = any endpoint. */
  allowsOrigin(origin: string, endpoint: string | null): boolean;
  /** Names of the project's ready endpoints. */
  ready(project: string): string[];
  /** Called before a body is read. @throws QUEUE_FULL, SERVICE_DRAINING */
  admit(): void;
  /** False while starting or draining, and without a ready endpoint. */
  readonly isReady: boolean;
}

export interface EndpointDescription {
  name: string;
  versions: {
    model: string;
    version: number | null;
    role: string;
    traffic: number;
    ready: boolean;
  }[];
  /** Of the stable deployment. */
  labels: string[];
  /** Positive name of a question's task; null for multi-class. */
  positive: string | null;
  /** The other answer of a question. */
  negative: string | null;
  hasLabelSets: boolean;
  /** Pixels of the model's input. */
  input: { width: number; height: number };
  isPublic: boolean;
}
