import type { ServedModel } from '../../artifacts/model/served-model.ts';
import type { Preprocess, View } from '../../contracts/artifacts/signature.ts';
import type { PhotoChange } from '../../vision/alter/photo-change.ts';
import type { DrawnMap, OverlayOptions } from '../explain/overlay.ts';
import type { ServedNumbers } from '../pool-answer.ts';

/** A graph that every inference process holds: `pixels uint8 [N,H,W,3]` -> float32 outputs. */
export interface HeldGraph {
  /** Unique while loaded. */
  key: string;
  /** For errors. */
  name: string;
  bytes: Uint8Array;
  /** The bytes were optimised by ONNX Runtime in another process of this pool. */
  isOptimised?: boolean;
  preprocess: Preprocess;
  /** For a whole model: what `serve` needs beside the graph. */
  served?: ServedModel;
}

/** One photo through one graph, once per view. */
export interface RunJob {
  kind: 'run';
  /** Key of a held graph. */
  graph: string;
  /** JPEG, PNG or WebP bytes. */
  image: Uint8Array;
  views: View[];
  /** Done to the photo first: instead of the views, an answer for each, empty where it cannot be done. */
  changes?: readonly PhotoChange[];
  /** Float32 inputs beside `pixels`, each of shape [length]. */
  feeds: Record<string, Float32Array>;
  /** Names of the outputs to send back. */
  fetches: string[];
}

/** One photo through a whole model, with all numbers of the request log. */
export interface ServeJob {
  kind: 'serve';
  graph: string;
  image: Uint8Array;
  /** Return the full embedding. */
  embedding: boolean;
}

/** A heat map over its photo: 100 ms for a megapixel, so it is drawn in a process. */
export interface OverlayJob {
  kind: 'overlay';
  /** Of the explained model, which stays held until the picture is drawn. */
  graph: string;
  image: Uint8Array;
  explanation: DrawnMap;
  options: OverlayOptions;
}

/** A smaller upright JPEG of a photo; needs no graph. */
export interface ThumbnailJob {
  kind: 'thumbnail';
  image: Uint8Array;
  /** Longest side, pixels; a smaller photo is not enlarged. */
  size: number;
}

export type Job = RunJob | ServeJob | OverlayJob | ThumbnailJob;

/** Key of the graph that a job needs; null = none. */
export const graphOf = (job: Job): string | null => (job.kind === 'thumbnail' ? null : job.graph);

/** Per view, the fetched outputs, flat, in the order of `fetches`. */
export type RunAnswer = Float32Array[][];

export type JobAnswer = RunAnswer | ServedNumbers | Uint8Array;
export type AnswerOf<J extends Job> = J extends ServeJob
  ? ServedNumbers
  : J extends OverlayJob | ThumbnailJob
    ? Uint8Array
    : RunAnswer;

/** `optimised`: from the first process that loads a graph, the bytes for the others. */
export interface LoadAnswer {
  optimised: Uint8Array | null;
}

export type Request =
  | { kind: 'load'; graph: HeldGraph }
  | { kind: 'unload'; graph: string }
  | { kind: 'job'; job: Job };
