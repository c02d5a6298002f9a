import type { Preprocess } from '../../contracts/artifacts/signature.ts';

/** All that the fresh process is told. */
export interface BootOrder {
  /** ONNX bytes, already checked. */
  model: Uint8Array;
  /** Must load; is not run. */
  explainer: Uint8Array | undefined;
  /** Timed in turns with the model. */
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

/** One output of one answer. */
export interface AnsweredTensor {
  dims: number[];
  data: Float32Array;
}
export type Answered = Record<string, AnsweredTensor>;

/** What the fresh process was doing. */
export type Stage = 'load the model' | 'load the explainer' | 'answer' | 'time the model';

/** What the fresh process says, one message after each stage. */
export type BootMessage =
  | { kind: 'booted'; inputs: TensorInfo[]; outputs: TensorInfo[] }
  | { kind: 'answered'; answers: Answered[] }
  | { kind: 'measured'; modelMs: number[]; referenceMs: number[]; grownBytes: number }
  | { kind: 'failed'; stage: Stage; reason: string };
