import type { SessionSums } from '../../contracts/loop/behaviour.ts';
import { normalQuantile } from './normal-quantile.ts';
import { wilsonInterval } from './proportion.ts';

/**
 * y / n over sessions with its linearised variance (Cochran 1977, 6.3): what a bootstrap that draws whole sessions converges to, from six sums,
 * however many sessions there are.
 * @returns NaN of no photos; infinite variance of fewer than two sessions
 */
export function sessionRatio({ sessions, y, n, yy, yn, nn }: SessionSums): { value: number; variance: number } {
  const value = y / n;
  const squares = Math.max(0, yy - 2 * value * yn + value * value * nn);
  const variance = sessions < 2 ? Number.POSITIVE_INFINITY : (squares * sessions) / (sessions - 1) / (n * n);
  return { value, variance };
}

/**
 * A share of photos that come in sessions: Wilson's interval on the size of the sample of independent photos that tells as much (Kott & Liu
 * 2009), 95 %.
 * @param sums y of n photos, 0 <= y <= n in each session
 * @returns NaN and [0, 1] for no photos
 */
export function sessionShare(sums: SessionSums): { value: number; low: number; high: number } {
  const { value } = sessionRatio(sums);
  const size = effectiveSize(sums);
  return { value, ...wilsonInterval(sums.n === 0 ? 0 : value * size, size) };
}

/** Number of independent photos that would tell as much about a share: between one and all of them. */
export function effectiveSize(sums: SessionSums): number {
  const { sessions, n } = sums;
  if (n === 0) return 0;
  // sessions of one photo
  if (sessions === n) return n;
  const { value, variance } = sessionRatio(sums);
  const spread = value * (1 - value);
  // all alike: they may be alike because they hang together
  if (spread <= 0 || variance === 0) return sessions;
  const independent = Math.min(n, spread / variance);
  return Math.max(1, Math.min(n, independent * (1.96 / tQuantile(sessions - 1)) ** 2));
}

/** A mean over photos that come in sessions, with its 95 % interval (Student's t); no interval of fewer than two sessions. */
export function sessionMean(sums: SessionSums): { value: number; low: number | null; high: number | null } {
  const { value, variance } = sessionRatio(sums);
  if (sums.sessions < 2) return { value, low: null, high: null };
  const half = tQuantile(sums.sessions - 1) * Math.sqrt(variance);
  return { value, low: value - half, high: value + half };
}

/** 97.5 % quantile of Student's t (Abramowitz & Stegun 26.7.5; within 1 % from 3 degrees of freedom on). @param degrees >= 1 */
function tQuantile(degrees: number): number {
  if (degrees === 1) return 12.706;
  if (degrees === 2) return 4.303;
  const z = normalQuantile(0.975);
  const terms = [(z ** 3 + z) / 4, (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96];
  const third = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384;
  return z + terms[0]! / degrees + terms[1]! / degrees ** 2 + third / degrees ** 3;
}

/** The width of the sequence is smallest at about this many sessions. */
const tightAt = 200;

/**
 * Confidence sequence of a mean of any numbers: the probability that the true mean is ever outside tends to at most alpha, for any number of
 * looks (Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas 2024, "Time-uniform central limit theory").
 * @param variance of one session's part in the mean, as `sessions` x the variance of the mean
 * @returns half of its width
 */
export function meanSequence(sessions: number, variance: number, alpha: number): number {
  if (sessions === 0) return Number.POSITIVE_INFINITY;
  const tail = -2 * Math.log(alpha);
  const rho = (tail + Math.log(tail + 1)) / tightAt;
  const grown = sessions * rho + 1;
  return (
    Math.sqrt(variance) * Math.sqrt(((2 * grown) / (sessions * sessions * rho)) * Math.log(Math.sqrt(grown) / alpha))
  );
}
