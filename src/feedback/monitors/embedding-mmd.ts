import { z } from 'zod';
import type { Observation } from '../../contracts/monitor.ts';
import { mmdTest } from '../../math/drift/mmd.ts';
import { Random } from '../../math/stats/random.ts';
import { embeddingRows } from './embedding-rows.ts';
import { farFromMean } from './far-from-mean.ts';
import { byP, defineMonitor } from './monitor-kind.ts';

/** 1,000 rows take 0.5 s; the pairs grow with the square. */
const most = 500;

export const embeddingMmd = defineMonitor({
  kind: 'embedding-mmd',
  about: 'whether embeddings are spread as the reference (maximum mean discrepancy)',
  remedy: 'Open the photos that moved it beside their nearest training photos.',
  parameters: z.object({ permutations: z.int().min(99).max(100_000).default(1_000) }),
  isDrift: true,
  uses: ({ projection }) => projection !== null,
  judge({ reference, window, parameters: { permutations }, seed, alpha }) {
    const [before, now] = [sample(reference, `${seed}:reference`), sample(window, `${seed}:window`)];
    const { rows, size } = embeddingRows(before, now);
    const { statistic, p } = mmdTest(rows, size, before.length, { seed, permutations });
    return {
      ...byP(p, alpha),
      statistic,
      interval: null,
      said: `squared discrepancy ${statistic.toPrecision(3)}`,
      movers: farFromMean(reference, window),
      details: { reference: before.length, window: now.length, permutations },
    };
  },
});

function sample(observations: readonly Observation[], seed: string): readonly Observation[] {
  if (observations.length <= most) return observations;
  return new Random(seed).shuffle([...observations]).slice(0, most);
}
