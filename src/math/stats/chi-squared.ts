import { normalQuantile } from './normal-quantile.ts';

/**
 * Value that a chi-squared number exceeds with probability `alpha` (Wilson & Hilferty 1931; within 1 % for alpha 0.05..0.001 from 3 degrees of
 * freedom on; exact for 1).
 * @param degrees of freedom, >= 1
 * @param alpha 0..1
 */
export function chiSquaredCritical(degrees: number, alpha: number): number {
  if (degrees === 1) return normalQuantile(1 - alpha / 2) ** 2;
  if (degrees === 2) return -2 * Math.log(alpha);
  const spread = 2 / (9 * degrees);
  return degrees * (1 - spread + normalQuantile(1 - alpha) * Math.sqrt(spread)) ** 3;
}
