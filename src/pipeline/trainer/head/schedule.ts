/**
 * Learning rate of a step: a linear rise over the warm-up, then half a cosine down to 0 (Loshchilov & Hutter 2017).
 * @param step 0..total-1
 * @param warmup share of all steps, 0..1
 */
export function scheduledRate(highest: number, step: number, total: number, warmup: number): number {
  const rise = Math.round(total * warmup);
  if (step < rise) return (highest * (step + 1)) / rise;
  return (highest * (1 + Math.cos((Math.PI * (step - rise)) / Math.max(1, total - rise)))) / 2;
}
