import { logChoose, logFactorials } from './proportion.ts';

/**
 * Confidence sequence of a share: the probability that the true share is ever outside is at most alpha, for any number of looks. Contains
 * the shares against which a uniform mixture has no evidence of 1 / alpha (Robbins 1970).
 * @param count of `total` @param alpha in (0, 1)
 * @returns 0..1, [0, 1] for no data
 */
export function shareSequence(count: number, total: number, alpha: number): { low: number; high: number } {
  if (total === 0) return { low: 0, high: 1 };
  const mixture = -Math.log(total + 1) - logChoose(logFactorials(total), total, count);
  const isIn = (p: number) => mixture - logLikelihood(count, total, p) < -Math.log(alpha);
  const share = count / total;
  return {
    low: count === 0 ? 0 : edge(isIn, share, 0),
    high: count === total ? 1 : edge(isIn, share, 1),
  };
}

function logLikelihood(count: number, total: number, p: number): number {
  const hits = count === 0 ? 0 : count * Math.log(p);
  return hits + (count === total ? 0 : (total - count) * Math.log(1 - p));
}

/** Where `isIn` ends between a place inside and one outside, to 1e-9. */
function edge(isIn: (p: number) => boolean, inside: number, outside: number): number {
  let [within, beyond] = [inside, outside];
  for (let i = 0; i < 30; i++) {
    const middle = (within + beyond) / 2;
    if (isIn(middle)) within = middle;
    else beyond = middle;
  }
  return beyond;
}
