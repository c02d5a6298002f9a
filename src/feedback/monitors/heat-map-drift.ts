import { z } from 'zod';
import type { Observation } from '../../contracts/loop/monitor.ts';
import { largestKs } from '../../math/drift/largest-ks.ts';
import { byP, defineMonitor } from './monitor-kind.ts';
import { pulledMean } from './movers.ts';
import { permutationsFor } from './permutations.ts';
import { meanOf } from './shares.ts';

const measures = [
  { name: 'border', words: 'attention at the border' },
  { name: 'entropy', words: 'entropy of attention' },
] as const;

/**
 * Attention at the photo's border, and its entropy. Heat maps are requested mostly for "unwell", so photos are compared within the same answer.
 */
export const heatMapDrift = defineMonitor({
  kind: 'heat-map-drift',
  about: "whether the model's attention is distributed as before",
  remedy: 'Open the heat maps: attention at the border means that the background decides, not the leaf.',
  parameters: z.object({}),
  isDrift: true,
  uses: ({ attention }) => attention !== null,
  judge({ reference, window, seed, alpha, onChance }) {
    const all = [...reference, ...window];
    const values = measures.map(({ name }) => valuesOf(all, name));
    const groups = [...Map.groupBy(all.keys(), (i) => all[i]!.label).values()];
    const options = { seed, permutations: permutationsFor(alpha), onDraw: onChance, groups };
    const test = largestKs(values, reference.length, options);
    const moves = measures.map(({ name }, i) => ({
      name,
      distance: test.distances[i]!,
      before: meanOf(valuesOf(reference, name)),
      now: meanOf(valuesOf(window, name)),
    }));
    const { name, before, now } = moves[test.at]!;
    return {
      ...byP(test.p, alpha),
      statistic: test.statistic,
      interval: null,
      said: `${measures[test.at]!.words} ${before.toFixed(3)} -> ${now.toFixed(3)}`,
      movers: pulledMean(window, [before, now], ({ attention }) => attention![name]),
      details: { reference: reference.length, window: window.length, measures: moves },
    };
  },
});

function valuesOf(observations: readonly Observation[], name: 'border' | 'entropy'): Float64Array {
  return Float64Array.from(observations, ({ attention }) => attention![name]);
}
