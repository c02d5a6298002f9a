/** Alternatives, as multiples of the odds under chance: from 1.25 times to nearly always. */
const oddsRatios = [1.25, 1.5, 2, 3, 5, 10, 30, 100];

/**
 * Evidence that hits come more often than by `chance`: a mixture of likelihood ratios (the mixture sequential probability ratio test, Robbins
 * 1970). While they do not, the probability that it ever reaches 1 / alpha is at most alpha (Ville 1939), for any number of looks.
 * @param hits of `total` @param chance in (0, 1)
 * @returns 0..Infinity; 1 = none
 */
export function shareEValue(hits: number, total: number, chance: number): number {
  const logs = oddsRatios.map((ratio) => {
    const other = (chance * ratio) / (chance * ratio + 1 - chance);
    return hits * Math.log(other / chance) + (total - hits) * Math.log((1 - other) / (1 - chance));
  });
  return meanOfExp(logs);
}

/** Mean of exp(x), for x that may be large. */
export function meanOfExp(logs: readonly number[]): number {
  const top = Math.max(...logs);
  return Math.exp(top) * (logs.reduce((sum, log) => sum + Math.exp(log - top), 0) / logs.length);
}
