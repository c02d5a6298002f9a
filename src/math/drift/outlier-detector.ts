/** A linear detector on embeddings: log-odds of an outlier, up to a constant. */
export interface OutlierDetector {
  /** [D], for unstandardised embeddings. */
  weights: Float32Array;
  bias: number;
}

const steps = 40;
const rate = 0.02;
/** Learning rate of the bias, which is one number among thousands of weights. */
const biasRate = 0.2;
const momentum = 0.9;
/**
 * Strong, so that a detector fitted on two thirds of the photos scores the rest as the full one scores new photos: at 0.001 it overfitted so
 * much that the threshold passed 16 % of drawn non-leaves (4 % at 1).
 */
const decay = 1;

/**
 * Logistic regression of outliers against inliers, each with half the weight; full-batch gradient steps, so it is deterministic. (Outlier exposure, Hendrycks et al. 2019, with a linear model.)
 * @param inside embeddings, [D] each
 * @param outside embeddings of outliers
 * @param standardiser mean and scale, [D] each
 */
export function fitOutlierDetector(
  inside: readonly Float32Array[],
  outside: readonly Float32Array[],
  { mean, scale }: { mean: Float32Array; scale: Float32Array },
): OutlierDetector {
  const rows = [...inside, ...outside].map((row) => row.map((x, d) => (x - mean[d]!) / scale[d]!));
  const share = (i: number) => 0.5 / (i < inside.length ? inside.length : outside.length);
  const weights = new Float64Array(mean.length);
  const pace = new Float64Array(mean.length);
  let bias = 0;
  for (let step = 0; step < steps; step++) {
    const slope = weights.map((weight) => decay * weight);
    let biasSlope = 0;
    for (const [i, row] of rows.entries()) {
      const error = 1 / (1 + Math.exp(-dot(weights, row) - bias)) - Number(i >= inside.length);
      addScaled(slope, row, share(i) * error);
      biasSlope += share(i) * error;
    }
    bias -= biasRate * biasSlope;
    for (let d = 0; d < pace.length; d++) {
      pace[d] = momentum * pace[d]! + slope[d]!;
      weights[d]! -= rate * pace[d]!;
    }
  }
  const folded = Float32Array.from(weights, (weight, d) => weight / scale[d]!);
  return { weights: folded, bias: bias - dot(folded, mean) };
}

/** @param embedding [D], not standardised. Higher = more of an outlier */
export function outlierLogit({ weights, bias }: OutlierDetector, embedding: Float32Array): number {
  return dot(weights, embedding) + bias;
}

function dot(a: Float32Array | Float64Array, b: Float32Array): number {
  let sum = 0;
  for (let d = 0; d < b.length; d++) sum += a[d]! * b[d]!;
  return sum;
}

function addScaled(sum: Float64Array, row: Float32Array, factor: number): void {
  for (let d = 0; d < row.length; d++) sum[d]! += factor * row[d]!;
}
