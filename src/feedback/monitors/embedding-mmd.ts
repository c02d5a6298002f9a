import { z } from 'zod';
import { mmdTest } from '../../math/drift/mmd.ts';
import { drawn, embeddingRows, isPlaced } from './embedding-rows.ts';
import { farFromMean } from './far-from-mean.ts';
import { byP, defineMonitor } from './monitor-kind.ts';
import { permutationsFor } from './permutations.ts';

/** 1,000 rows take 0.5 s; the pairs grow with the square. */
const most = 500;

export const embeddingMmd = defineMonitor({
  kind: 'embedding-mmd',
  about: 'whether embeddings are spread as the reference (maximum mean discrepancy)',
  remedy: 'Open the photos that moved it beside their nearest training photos.',
  parameters: z.object({
    /** Default: as many as alpha asks for. */
    permutations: z.int().min(99).max(100_000).optional(),
  }),
  isDrift: true,
  uses: isPlaced,
  // a pair
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
      said: `squared discrepancy ${statistic.toPrecision(3)}`,
      movers: farFromMean(reference, window),
      details: { reference: before.length, window: now.length, permutations: made },
    };
  },
});
