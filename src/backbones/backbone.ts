import type { Preprocess } from '../contracts/artifacts/signature.ts';

/** A value inside the backbone, [N, channels, height, width] float32, whose mean and standard deviation over places are features. */
export interface Tap {
  /** Name of the value in the backbone's graph. */
  name: string;
  channels: number;
  height: number;
  width: number;
}

/**
 * A frozen feature extractor. `bytes` is an ONNX graph `pixels uint8 [N, H, W, 3] -> features float32 [N, embeddingSize]` that normalises inside.
 * Features are, tap after tap, the C means and then the C standard deviations over places; not yet square-rooted, not standardised.
 */
export interface Backbone {
  name: string;
  /** sha256 of `bytes`. */
  digest: string;
  bytes: Uint8Array;
  /** Size of the photo that it takes. */
  preprocess: Preprocess;
  embeddingSize: number;
  /** Empty where a model of your own gives a feature vector instead of maps: then there is no heat map. */
  taps: Tap[];
}
