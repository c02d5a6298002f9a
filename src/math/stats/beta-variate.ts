import type { Random } from './random.ts';

/** Draw from Beta(a, b), a, b > 0: X / (X + Y) of two gamma variates. 0..1. */
export function betaVariate(random: Random, a: number, b: number): number {
  const x = gammaVariate(random, a);
  const y = gammaVariate(random, b);
  return x + y > 0 ? x / (x + y) : 0.5;
}

/** Draw from Gamma(shape, 1) (Marsaglia & Tsang 2000; below 1 through Gamma(shape + 1) U^(1/shape)). */
export function gammaVariate(random: Random, shape: number): number {
  if (shape < 1) return gammaVariate(random, shape + 1) * (1 - random.float()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const z = random.normal();
    const v = (1 + c * z) ** 3;
    if (v > 0 && Math.log(1 - random.float()) < 0.5 * z * z + d - d * v + d * Math.log(v)) return d * v;
  }
}
