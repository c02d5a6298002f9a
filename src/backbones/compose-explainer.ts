import type { HeadWeights } from '../contracts/head.ts';
import type { Backbone } from './backbone.ts';

/** What one tap does on average over training photos, place by place: the heat map's zero. */
export interface TapReference {
  /** Tap of the backbone. */
  name: string;
  channels: number;
  height: number;
  width: number;
  /** Mean activation, [C, H, W]. */
  mean: Float32Array;
  /** Mean squared deviation from the photo's own channel mean, [C, H, W]. */
  deviation: Float32Array;
}

export interface ExplainerParts {
  backbone: Backbone;
  /** Standardiser of the features, [D] each: (x - mean) / scale. */
  mean: Float32Array;
  scale: Float32Array;
  head: HeadWeights;
  /** Logits are divided by it. */
  temperature: number;
  /** One per tap, in the backbone's order (`readReferenceActivations` of the Transform artifact). */
  reference: TapReference[];
}
