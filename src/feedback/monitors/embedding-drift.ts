import { z } from 'zod';
import type { Observation } from '../../contracts/monitor.ts';
import { domainClassifier } from '../../math/drift/domain-classifier.ts';
import { Random } from '../../math/stats/random.ts';
import { embeddingRows } from './embedding-rows.ts';
import { byP, defineMonitor } from './monitor-kind.ts';
import { topIds } from './movers.ts';

const draws = 500;

/** A classifier is asked to tell window from reference: if it can, they differ. */
export const embeddingDrift = defineMonitor({
  kind: 'embedding-drift',
  about: 'whether a classifier can tell the photos from the reference',
  remedy: 'Open the photos that moved it beside their nearest training photos: what they share is what changed.',
  parameters: z.object({}),
  isDrift: true,
  uses: ({ projection }) => projection !== null,
  /** AUC of parts of the reference against the rest, in the window's proportion, spread as the true sizes would be. */
  nullOf(reference, size, seed) {
    const random = new Random(`${seed}:null`);
    const part = Math.max(2, Math.round((size * reference.length) / (size + reference.length)));
    const rest = reference.length - part;
    const scale = Math.sqrt((1 / size + 1 / reference.length) / (1 / part + 1 / rest));
    const aucs = Float64Array.from({ length: draws }, (_, draw) => {
      const order = random.shuffle([...reference]);
      return auc(order.slice(part), order.slice(0, part), `${seed}:${draw}`).auc;
    });
    const middle = aucs.reduce((sum, value) => sum + value, 0) / draws;
    return aucs.map((value) => middle + scale * (value - middle)).sort();
  },
  judge({ reference, window, seed, alpha, nullDistribution }) {
    const found = auc(reference, window, seed);
    const without = nullDistribution!;
    const above = without.reduce((count, value) => count + (value >= found.auc ? 1 : 0), 0);
    const scores = found.scores.subarray(reference.length);
    return {
      ...byP((1 + above) / (1 + without.length), alpha),
      statistic: found.auc,
      interval: null,
      said: `a classifier tells them apart with AUC ${found.auc.toFixed(3)}`,
      movers: topIds(window, (_, i) => scores[i]!),
      details: {
        reference: reference.length,
        window: window.length,
        nullMean: without.reduce((a, b) => a + b, 0) / without.length,
      },
    };
  },
});

function auc(reference: readonly Observation[], window: readonly Observation[], seed: number | string) {
  const { rows, size } = embeddingRows(reference, window);
  return domainClassifier(rows, size, reference.length, { seed });
}
