import { z } from 'zod';
import { alongMeanShift } from '../../math/drift/mean-shift.ts';
import { mmdTest } from '../../math/drift/mmd.ts';
import { drawnRows, embeddingRows, isPlaced } from './embedding-rows.ts';
import { byP, defineMonitor } from './monitor-kind.ts';
import { topIds } from './movers.ts';
import { permutationsFor } from './permutations.ts';
import { tolerance } from './shares.ts';

/** Rows of each side: 2 x 500 take 0.5 s, growing with the square. */
const most = 500;

export const embeddingMmd = defineMonitor({
  kind: 'embedding-mmd',
  about: 'whether embeddings are distributed as in the reference (maximum mean discrepancy)',
  remedy: 'Compare the photos of the alert with their nearest training photos.',
  parameters: z.object({
    /** Default: from alpha. */
    permutations: z.int().min(99).max(100_000).optional(),
    /** Of the discrepancy, not its square. */
    tolerance: tolerance(0.15),
  }),
  isDrift: true,
  uses: isPlaced,
  fewest: 2,
  judge(check) {
    const { reference, window, parameters, seed, alpha, onChance } = check;
    const { before, now, rows, size } = drawnRows(check, most);
    const options = {
      seed,
      permutations: parameters.permutations ?? permutationsFor(alpha),
      tolerance: parameters.tolerance,
      onDraw: onChance,
    };
    const { statistic, p, permutations } = mmdTest(rows, size, before.length, options);
    const along = alongMeanShift(embeddingRows([...reference, ...window]).rows, size, reference.length);
    return {
      ...byP(p, alpha),
      statistic,
      interval: null,
      said: `squared mean discrepancy ${statistic.toPrecision(3)}`,
      movers: topIds(window, (_, i) => along[reference.length + i] ?? Number.NaN),
      details: { reference: before.length, window: now.length, permutations },
    };
  },
});
