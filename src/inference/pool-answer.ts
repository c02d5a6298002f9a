import type { ImageFormat, ImageProperties } from '../contracts/artifacts/example.ts';
import type { QualityHint } from '../contracts/request-record.ts';

export interface RequestOptions {
  signal?: AbortSignal | undefined;
  /** Names the photo in errors. Default `photo`. */
  subject?: string;
  /** Longest time to the answer, including the queue; then INFERENCE_DEADLINE_EXCEEDED. Default: only the pool's own limit. */
  deadlineMs?: number | undefined;
  /** Runs only while nothing else is queued (shadow copies). Default false. */
  background?: boolean;
}

export interface ServeOptions extends RequestOptions {
  /** Also return the full embedding: 9 KB. Default false. */
  embedding?: boolean;
}

/** Answers of one photo, finite numbers only. */
export interface ModelAnswer {
  /** [K], 0..1. */
  probabilities: Float32Array;
  /** [K], tempered. */
  logits: Float32Array;
  /** [D], not standardised. */
  embedding: Float32Array;
}

/** Distance of a photo from the training photos. */
export interface DistributionScore {
  /** In units of the model's threshold: > 1 = flagged. */
  score: number;
  flagged: boolean;
  /** The score from which on the model itself would refuse a photo. */
  refuseAbove: number;
  /** Example ids (sha256) of the nearest training photos, nearest first. Empty for a model without ids. */
  nearest: string[];
}

/** All numbers of one photo. Finite only. */
export interface ServedNumbers {
  /** [K], 0..1. */
  probabilities: Float32Array;
  /** 64 float16, little endian: the embedding projected on the random axes of the drift reference. */
  projection: Uint8Array;
  /** [D], not standardised; null unless requested. */
  embedding: Float32Array | null;
  format: ImageFormat;
  /** Pixels of the upright photo. */
  width: number;
  height: number;
  /** Same measures as of the training photos. */
  properties: ImageProperties;
  /** Of the bytes as sent. */
  imageSha256: string;
  /** Of the model's input pixels, uint8 RGB. */
  pixelsSha256: string;
  quality: QualityHint[];
  /** Null for a model without a drift reference. */
  outOfDistribution: DistributionScore | null;
  /** From the start of decoding to these numbers. */
  inferenceMs: number;
}

export interface PoolAnswer extends ServedNumbers {
  /** Rest of the time from call to answer: queue and transfer between the processes. */
  queueMs: number;
}

export interface PoolState {
  processes: number;
  /** Processes that hold every model. */
  up: number;
  waiting: number;
  /** Photos with a process: up to 4 each, of which one runs. */
  working: number;
}
