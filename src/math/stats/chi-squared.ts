/** Terms at most; 60 suffice for 18 degrees of freedom. */
const most = 10_000;

/**
 * Chance that a chi-squared number is at least x: the upper regularised incomplete gamma function Q(degrees / 2, x / 2), by its series below
 * the middle and by Lentz's continued fraction above it (Press et al., Numerical Recipes, 6.2).
 * @param x >= 0
 * @param degrees of freedom, >= 1
 */
export function chiSquaredTail(x: number, degrees: number): number {
  if (x <= 0) return 1;
  const [a, half] = [degrees / 2, x / 2];
  const scale = Math.exp(a * Math.log(half) - half - logGamma(a));
  return half < a + 1 ? 1 - scale * series(a, half) : scale * fraction(a, half);
}

function series(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let k = 1; k < most && term > sum * 1e-16; k++) {
    term *= x / (a + k);
    sum += term;
  }
  return sum;
}

function fraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let value = d;
  for (let k = 1; k < most; k++) {
    const numerator = -k * (k - a);
    b += 2;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    value *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return value;
}

const lanczos = [
  676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** ln of the gamma function of z >= 0.5 (Lanczos 1964, 9 terms; 1e-14). */
function logGamma(z: number): number {
  const sum = lanczos.reduce((total, coefficient, i) => total + coefficient / (z + i), 0.99999999999980993);
  const t = z + 6.5;
  return Math.log(2 * Math.PI) / 2 + (z - 0.5) * Math.log(t) - t + Math.log(sum);
}
