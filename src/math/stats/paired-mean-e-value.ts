import { meanOfExp } from './share-e-value.ts';

/** Shares of the largest safe stake, mixed. */
const stakes = [0.02, 0.05, 0.1, 0.2, 0.4, 0.8];

/**
 * Evidence that differences of pairs are larger than `tolerance` on average: a wager on each that is fair or worse while they are not
 * (Waudby-Smith & Ramdas 2024). As long as they are not, the chance that it ever reaches 1 / alpha is at most alpha, for any number of looks.
 * @param differences -1..1 each, in order of arrival @param tolerance 0..1
 * @returns 0..Infinity; 1 = none
 */
export function pairedMeanEValue(differences: readonly number[], tolerance: number): number {
  const worst = 1 + tolerance;
  return meanOfExp(
    stakes.map((stake) =>
      differences.reduce((log, difference) => log + Math.log1p((stake / worst) * (difference - tolerance)), 0),
    ),
  );
}
