import { z } from 'zod';
import { binnedTest } from '../../math/drift/binned-test.ts';
import { binsOf, equalCountEdges } from '../../math/drift/bins.ts';
import { jsDistance } from '../../math/drift/js-divergence.ts';
import { ksTest } from '../../math/drift/ks-test.ts';
import { psi } from '../../math/drift/psi.ts';
import type { PermutationOptions } from '../../math/stats/permutation.ts';
import { byP, defineMonitor } from './monitor-kind.ts';
import { pulledMean } from './movers.ts';
import { permutationsFor } from './permutations.ts';
import { meanOf, tolerance } from './shares.ts';

const parameters = z.object({
  statistic: z.enum(['ks', 'psi', 'js']).default('ks'),
  /** For psi and js: bins of equal counts. */
  bins: z.int().min(2).max(100).default(10),
  /** For ks and js; psi is no distance. */
  tolerance: tolerance(0.1),
});

/** Score: P(positive), or the top label's probability. */
export const predictionDrift = defineMonitor({
  kind: 'prediction-drift',
  about: 'whether scores are distributed as in the reference',
  remedy:
    'Look at the photos of the alert: label and retrain for new kinds of photos, check the quality for a new camera.',
  parameters,
  isDrift: true,
  uses: ({ score }) => score !== null,
  judge({ reference, window, parameters: { statistic, bins, tolerance }, seed, alpha, onChance }) {
    const before = Float64Array.from(reference, ({ score }) => score!);
    const now = Float64Array.from(window, ({ score }) => score!);
    const test =
      statistic === 'ks'
        ? ksTest(before, now, tolerance)
        : ofCounts(statistic, before, now, bins, {
            seed,
            permutations: permutationsFor(alpha),
            tolerance: statistic === 'psi' ? 0 : tolerance,
            onDraw: onChance,
          });
    const means = [meanOf(before), meanOf(now)] as const;
    return {
      ...byP(test.p, alpha),
      statistic: test.statistic,
      interval: null,
      said: `mean score ${means[0].toFixed(3)} -> ${means[1].toFixed(3)}`,
      movers: pulledMean(window, means, ({ score }) => score),
      details: {
        measure: statistic,
        reference: before.length,
        window: now.length,
        meanBefore: means[0],
        meanNow: means[1],
      },
    };
  },
});

/** Bins of the pooled scores, which permutations do not change. */
function ofCounts(
  measure: 'psi' | 'js',
  before: Float64Array,
  now: Float64Array,
  bins: number,
  options: PermutationOptions,
) {
  const pooled = Float64Array.from([...before, ...now]);
  const edges = equalCountEdges(pooled, bins);
  const divergence = measure === 'psi' ? psi : jsDistance;
  return binnedTest(binsOf(pooled, edges), before.length, edges.length + 1, divergence, options);
}
