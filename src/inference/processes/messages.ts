import type { Preprocess, View } from '../../contracts/artifacts/signature.ts';
import type { DrawnMap, OverlayOptions } from '../explain/overlay.ts';
import type { ServedNumbers } from '../pool-answer.ts';
import type { ServedModel } from '../served-model.ts';

/** A graph that every inference process holds: `pixels uint8 [N,H,W,3]` -> float32 outputs. */
export interface HeldGraph {
  /** Unique while loaded. */
  key: string;
  /** For errors. */
  name: string;
  bytes: Uint8Array;
  /** The bytes are ONNX Runtime's own, optimised by another process of this pool. */
  isOptimised?: boolean;
  preprocess: Preprocess;
  /** Of a whole model: what `serve` needs beside the graph. */
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
  /** Float32 inputs beside `pixels`, each of shape [length]. */
  feeds: Record<string, Float32Array>;
  /** Names of the outputs to send back. */
  fetches: string[];
}

/** One photo through a whole model, with all that the request log wants to know of it. */
export interface ServeJob {
  kind: 'serve';
  graph: string;
  image: Uint8Array;
  /** Send the whole embedding back. */
  embedding: boolean;
}

/** A photo under its heat map: 100 ms for a megapixel, so it is drawn here. */
export interface OverlayJob {
  kind: 'overlay';
  /** Of the model that was explained: it stays held until the picture is drawn. */
  graph: string;
  image: Uint8Array;
  explanation: DrawnMap;
  options: OverlayOptions;
}

export type Job = RunJob | ServeJob | OverlayJob;

/** Per view, the fetched outputs, flat and in the order asked. */
export type RunAnswer = Float32Array[][];

export type JobAnswer = RunAnswer | ServedNumbers | Uint8Array;
/** What a job of type J is answered with. */
export type AnswerOf<J extends Job> = J extends ServeJob
  ? ServedNumbers
  : J extends OverlayJob
    ? Uint8Array
    : RunAnswer;

/** Of the first process that loads a graph: the bytes for the others. */
export interface LoadAnswer {
  optimised: Uint8Array | null;
}

export type Request =
  | { kind: 'load'; graph: HeldGraph }
  | { kind: 'unload'; graph: string }
  | { kind: 'job'; job: Job };
