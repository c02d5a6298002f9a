/** Size, mean and population standard deviation of a sample. */
export interface Sample {
  count: number;
  mean: number;
  deviation: number;
}

const z95 = 1.959964;

/**
 * Cohen's d, (b - a) / pooled standard deviation, with the 95 % interval of its large-sample normal approximation (Hedges & Olkin 1985, p. 86):
 * variance (n + m) / (n m) + d^2 / (2 (n + m)).
 * @param variance of the difference of the means, in pooled variances; default that of samples that have nothing in common
 * @returns null when neither sample has spread, or one is empty
 */
export function effectSize(
  a: Sample,
  b: Sample,
  variance = (a.count + b.count) / (a.count * b.count),
): { value: number; low: number; high: number } | null {
  const freedom = a.count + b.count - 2;
  const pooled = Math.sqrt((a.count * a.deviation ** 2 + b.count * b.deviation ** 2) / freedom);
  if (a.count === 0 || b.count === 0 || freedom <= 0 || !(pooled > 0)) return null;
  const value = (b.mean - a.mean) / pooled;
  const both = a.count + b.count;
  const half = z95 * Math.sqrt(variance + value ** 2 / (2 * both));
  return { value, low: value - half, high: value + half };
}
