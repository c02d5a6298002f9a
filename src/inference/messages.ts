import type { Preprocess, View } from '../contracts/signature.ts';

/** A graph that every inference process holds: `pixels uint8 [N,H,W,3]` -> float32 outputs. */
export interface HeldGraph {
  /** Unique while loaded. */
  key: string;
  /** For errors. */
  name: string;
  bytes: Uint8Array;
  preprocess: Preprocess;
}

/** One photo through one graph, once per view. */
export interface Job {
  /** Key of a held graph. */
  graph: string;
  /** JPEG, PNG or WebP bytes. */
  image: Uint8Array;
  views: View[];
  /** Float32 inputs beside `pixels`, each of shape [length]. */
  feeds: Record<string, Float32Array>;
  /** Names of the outputs to send back. */
  fetches: string[];
}

/** Per view, the fetched outputs, flat and in the order asked. */
export type JobAnswer = Float32Array[][];

/** An error on its way between processes. */
export interface SentError {
  code: string;
  details: Record<string, unknown>;
}

export type Request =
  | { kind: 'load'; id: number; graph: HeldGraph }
  | { kind: 'unload'; id: number; graph: string }
  | { kind: 'run'; id: number; job: Job };

/** `id` 0 = the process is up. */
export type Reply = { id: number; answer?: JobAnswer; error?: SentError };
