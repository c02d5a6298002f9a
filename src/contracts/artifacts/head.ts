/** One dense layer: `y = x W + b`. */
export interface DenseWeights {
  /** float32, row-major [inputs, outputs]. */
  weight: Float32Array;
  /** float32 [outputs]. */
  bias: Float32Array;
  inputs: number;
  outputs: number;
}

/** The trained part of a model: 1 layer (logistic) or 2 (ReLU between); from standardised embeddings to logits. */
export interface HeadWeights {
  layers: DenseWeights[];
}
