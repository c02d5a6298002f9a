/** How a photo is sent: its bytes, a form with the field `image`, or JSON of the V1 protocol, `{instances: [{image: {b64}}]}`. */
export type BodyEncoding = 'photo' | 'form' | 'instances';

/** Settings of a load generator, sent to its process. */
export interface LoadPlan {
  /** `http://127.0.0.1:port`. */
  url: string;
  path: string;
  headers: Record<string, string>;
  /** Files, each sent in turn as the body of a POST; none = GET. */
  photos: readonly string[];
  body: BodyEncoding;
  /** Closed: each client sends its next request when it has its answer. Poisson: independent of the answers, open-ended. */
  arrivals: { kind: 'closed'; clients: number } | { kind: 'poisson'; perSecond: number; seed: number };
  /** No more is sent after so many seconds, or so many requests. */
  seconds: number;
  requests?: number;
  /** Then a request counts as timed out. */
  timeoutMs: number;
  /** Answers are parsed: `answers` of the result. */
  readAnswers: boolean;
}

/** Outcome of one request. */
export interface Sample {
  /** When it was due, from the start of the load. */
  atMs: number;
  /** From when it was due (not from when it was sent: a stalled generator must not flatter) to the last byte of the answer. */
  latencyMs: number;
  /** HTTP status; 0 = none: see `failure`. */
  status: number;
  /** `timeout`, or the code of the socket's error. */
  failure?: string;
  /** `Retry-After` was sent. */
  retryAfter?: boolean;
}

export interface Answer {
  id: string;
  version: number | null;
  role: string;
}

export interface LoadResult {
  samples: Sample[];
  answers: Answer[];
  /** Until the last request was sent. */
  seconds: number;
  /** The generator's own CPU, user and system, in shares of one core. */
  cpuShare: number;
  /** How late requests were sent, p99. */
  lateMs: number;
}
