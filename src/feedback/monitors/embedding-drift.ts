import { z } from 'zod';
import { domainClassifier } from '../../math/drift/domain-classifier.ts';
import { drawnRows, isPlaced } from './embedding-rows.ts';
import { byP, defineMonitor } from './monitor-kind.ts';
import { topIds } from './movers.ts';
import { permutationsFor } from './permutations.ts';
import { tolerance } from './shares.ts';

/** Rows of each side: a permutation of both takes 1 ms. */
const most = 1_000;

/** Trains a classifier to separate window and reference: if it can, they differ. */
export const embeddingDrift = defineMonitor({
  kind: 'embedding-drift',
  about: 'whether a classifier can separate the photos from the reference',
  remedy: 'Compare the photos of the alert with their nearest training photos to see what changed.',
  parameters: z.object({
    /**
     * AUC, 0.5..1: below it there is no breach, whatever p. A classifier also finds differences that no answer depends on: photos saved again as
     * JPEG of quality 90 reach 0.64, blurred ones 1.00. A share s of photos unlike any in the reference adds s / 2 to 0.5.
     */
    atLeast: z.number().min(0.5).max(1).default(0.65),
    tolerance: tolerance(0.1),
  }),
  isDrift: true,
  uses: isPlaced,
  // one of each side per fold
  fewest: 5,
  judge(check) {
    const { parameters, seed, alpha, onChance } = check;
    const { before, now, rows, size } = drawnRows(check, most);
    const { tolerance } = parameters;
    const options = { seed, permutations: permutationsFor(alpha), tolerance, onDraw: onChance };
    const { statistic, p, permutations, scores } = domainClassifier(rows, size, before.length, options);
    return {
      ...byP(p, alpha),
      isBreach: p < alpha && statistic >= parameters.atLeast,
      statistic,
      interval: null,
      said: `a classifier separates window and reference with AUC ${statistic.toFixed(3)}`,
      movers: topIds(now, (_, i) => scores[before.length + i] ?? Number.NaN),
      details: { reference: before.length, window: now.length, permutations, ...parameters },
    };
  },
});
