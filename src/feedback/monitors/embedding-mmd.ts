import { z } from 'zod';
import { mmdTest } from '../../math/drift/mmd.ts';
import { drawn, embeddingRows, isPlaced } from './embedding-rows.ts';
import { farFromMean } from './far-from-mean.ts';
import { byP, defineMonitor } from './monitor-kind.ts';
import { permutationsFor } from './permutations.ts';

/** Rows of each side: 2 x 500 take 0.5 s, growing with the square. */
const most = 500;

export const embeddingMmd = defineMonitor({
  kind: 'embedding-mmd',
  about: 'whether embeddings are distributed as in the reference (maximum mean discrepancy)',
  remedy: 'Compare the photos of the alert with their nearest training photos.',
  parameters: z.object({
    /** Default: from alpha. */
    permutations: z.int().min(99).max(100_000).optional(),
  }),
  isDrift: true,
  uses: isPlaced,
  fewest: 2,
  judge({ reference, window, parameters: { permutations }, seed, alpha, onChance }) {
    const [before, now] = [drawn(reference, most, `${seed}:reference`), drawn(window, most, `${seed}:window`)];
    const { rows, size } = embeddingRows([...before, ...now]);
    const options = { seed, permutations: permutations ?? permutationsFor(alpha), onDraw: onChance };
    const { statistic, p, permutations: made } = mmdTest(rows, size, before.length, options);
    return {
      ...byP(p, alpha),
      statistic,
      interval: null,
      said: `squared mean discrepancy ${statistic.toPrecision(3)}`,
      movers: farFromMean(reference, window),
      details: { reference: before.length, window: now.length, permutations: made },
    };
  },
});
