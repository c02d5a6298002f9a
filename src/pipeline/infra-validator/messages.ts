import type { Preprocess } from '../../contracts/artifacts/signature.ts';

/** Sent once, so that the memory it takes is not counted to a later stage. */
export interface BootOrder {
  /** ONNX bytes, already checked. */
  model: Uint8Array;
  /** Must load; is not run. */
  explainer: Uint8Array | undefined;
  /** Timed alternately with the model. */
  reference: Uint8Array | undefined;
  preprocess: Preprocess;
  /** Photo bytes, answered in order. */
  images: Uint8Array[];
  repeats: number;
}

export interface TensorInfo {
  name: string;
  dtype: string;
  /** Names for free sizes. */
  shape: (number | string)[];
}

export interface AnsweredTensor {
  dims: number[];
  data: Float32Array;
}
export type Answered = Record<string, AnsweredTensor>;

/** Stages of a boot, in order; each later one works on the order of the first. */
export type BootRequest =
  | { stage: 'load the model'; order: BootOrder }
  | { stage: 'answer' | 'load the explainer' | 'time the model' };
export type Stage = BootRequest['stage'];

export interface Booted {
  inputs: TensorInfo[];
  outputs: TensorInfo[];
}

export interface Measured {
  modelMs: number[];
  /** Empty without a reference. */
  referenceMs: number[];
  /** Growth of the resident memory from the order to the last answer. */
  grownBytes: number;
}
