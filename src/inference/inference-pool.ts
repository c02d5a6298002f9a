import type { Logger } from '../contracts/component.ts';
import type { Signature, View } from '../contracts/signature.ts';
import type { Backbone } from '../backbones/backbone.ts';

export interface PoolOptions {
  /** Child processes, one ONNX Runtime thread each. */
  processes: number;
  logger?: Logger;
  /** Longest time from a process's start on a photo to its answer; then the process is replaced. Default 30,000. */
  deadlineMs?: number;
}
export interface RequestOptions {
  signal?: AbortSignal;
  /** Names the photo in errors. Default `photo`. */
  subject?: string;
}
/** Answers of one photo, finite numbers only. */
export interface ModelAnswer {
  /** [K], 0..1. */
  probabilities: Float32Array;
  /** [K], tempered. */
  logits: Float32Array;
  /** [D], not standardised, of the plain view. */
  embedding: Float32Array;
}
export interface Explanation {
  /** [height, width] row-major: log-odds that each place adds (> 0 speaks for the class) against the average training photo. */
  map: Float32Array;
  height: number;
  width: number;
  /** |sum(map) - (log-odds(photo) - log-odds(reference))| / |log-odds(photo) - log-odds(reference)|. */
  completenessError: number;
  /** [K], as `predict` gives. */
  probabilities: Float32Array;
}
export type { Backbone, Signature, View };
