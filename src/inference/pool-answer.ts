import type { ImageFormat, ImageProperties } from '../contracts/artifacts/example.ts';
import type { QualityHint } from '../contracts/request-record.ts';

export interface RequestOptions {
  signal?: AbortSignal | undefined;
  /** Names the photo in errors. Default `photo`. */
  subject?: string;
  /** Longest time to the answer, waiting included; then INFERENCE_DEADLINE_EXCEEDED. Default: no limit but the pool's own. */
  deadlineMs?: number | undefined;
  /** Runs only while nothing else waits (shadow copies). Default false. */
  background?: boolean;
}

export interface ServeOptions extends RequestOptions {
  /** Send the whole embedding back too: 9 KB. Default false. */
  embedding?: boolean;
}

/** How a photo lies to the training photos. */
export interface DistributionScore {
  /** Distance in units of the model's threshold: > 1 = flagged. */
  score: number;
  flagged: boolean;
  /** Example ids (sha256) of the closest training photos, closest first. Empty for a model that does not name them. */
  nearest: string[];
}

/** What is known of one photo once a process has looked at it. Finite numbers only. */
export interface ServedNumbers {
  /** [K], 0..1. */
  probabilities: Float32Array;
  /** 64 float16, little endian: the embedding on the random axes of the drift reference. */
  projection: Uint8Array;
  /** [D], not standardised; null unless asked for. */
  embedding: Float32Array | null;
  format: ImageFormat;
  /** Pixels, of the upright photo. */
  width: number;
  height: number;
  /** As of the training photos. */
  properties: ImageProperties;
  /** Of the bytes as sent. */
  imageSha256: string;
  /** Of the model's input pixels, uint8 RGB. */
  pixelsSha256: string;
  quality: QualityHint[];
  /** Null when the model brings no reference. */
  outOfDistribution: DistributionScore | null;
  /** From the start of decoding to these numbers. */
  inferenceMs: number;
}

export interface PoolAnswer extends ServedNumbers {
  /** All the rest of the time from the call to the answer: waiting and travelling between the processes. */
  queueMs: number;
}

/** How busy a pool is. */
export interface PoolState {
  processes: number;
  /** Of them, those that hold every model. */
  up: number;
  /** Photos not yet with a process. */
  waiting: number;
  /** Photos with a process: up to 4 each, of which one runs. */
  working: number;
}
