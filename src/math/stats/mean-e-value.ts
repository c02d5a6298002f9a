import { meanOfExp } from './share-e-value.ts';

/** Shares of the largest safe stake, mixed: small stakes find small differences, large stakes find large ones early. */
const stakes = [0.02, 0.05, 0.1, 0.2, 0.4, 0.8];

/**
 * Evidence that numbers of 0..1 are higher by more than `tolerance` in the arm that each of them had the chance `share` of falling into: a
 * wager on each number that is fair or worse while they are not (Waudby-Smith & Ramdas 2024). As long as they are not higher, the chance that
 * it ever reaches 1 / alpha is at most alpha.
 * @param arm how often each of n equal bins of 0..1 was seen; the bin's lower end counts, of `other` its upper end
 * @param share in (0, 1) @param tolerance 0..1
 */
export function meanEValue(
  arm: readonly number[],
  other: readonly number[],
  { share, tolerance }: { share: number; tolerance: number },
): number {
  const bins = arm.length;
  const worst = Math.max(tolerance / share, 1 / (1 - share));
  return meanOfExp(
    stakes.map((stake) => {
      const wager = stake / worst;
      let log = 0;
      for (let i = 0; i < bins; i++) {
        if (arm[i]) log += arm[i]! * Math.log1p(wager * ((i / bins - tolerance) / share));
        if (other[i]) log += other[i]! * Math.log1p(-wager * ((i + 1) / bins / (1 - share)));
      }
      return log;
    }),
  );
}
