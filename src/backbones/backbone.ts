import type { Preprocess } from '../contracts/artifacts/signature.ts';

/** A value inside the backbone, [N, channels, height, width] float32, whose mean and standard deviation over positions are features. */
export interface Tap {
  /** Name of the value in the backbone's graph. */
  name: string;
  channels: number;
  height: number;
  width: number;
}

/**
 * A frozen feature extractor. `bytes` is an ONNX graph `pixels uint8 [N, H, W, 3] -> features float32 [N, embeddingSize]` that normalises inside.
 * Features are, tap after tap, the C means and then the C standard deviations over positions; not yet square-rooted, not standardised.
 */
export interface Backbone {
  name: string;
  /** sha256 of `bytes`. */
  digest: string;
  bytes: Uint8Array;
  /** Input size. */
  preprocess: Preprocess;
  embeddingSize: number;
  /** Empty for your own model with a feature vector instead of maps: no heat map then. */
  taps: Tap[];
}
