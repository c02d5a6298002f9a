import { z } from 'zod';
import type { Observation } from '../../contracts/loop/monitor.ts';
import { largestKs } from '../../math/drift/largest-ks.ts';
import { quantile } from '../../math/stats/bootstrap.ts';
import { byP, defineMonitor } from './monitor-kind.ts';
import { pulledMean } from './movers.ts';
import { permutationsFor } from './permutations.ts';
import { meanOf } from './shares.ts';

const names = ['width', 'height', 'aspect', 'brightness', 'contrast', 'sharpness', 'red', 'green', 'blue'] as const;
const sizes = ['width', 'height', 'aspect'] as const;
/**
 * Without sizes: cameras differ, and the model resizes anyway. Against photos of 256 px every day of phone photos was a breach. Harmful sizes show
 * elsewhere: too small is a quality hint, distorted and soft photos move embeddings and sharpness.
 */
const usual = names.filter((name) => !sizes.some((size) => size === name));

/** Brightness, contrast, sharpness, colour: the largest Kolmogorov-Smirnov distance, tested as a maximum. */
export const imageProperties = defineMonitor({
  kind: 'image-properties',
  about: 'whether brightness, contrast, sharpness and colour are distributed as in the reference',
  remedy: 'Find out what changed: camera, light, app version, compression.',
  parameters: z.object({ properties: z.array(z.enum(names)).min(1).default(usual) }),
  isDrift: true,
  uses: ({ properties }) => properties !== null,
  judge({ reference, window, parameters: { properties }, seed, alpha, onChance }) {
    const all = [...reference, ...window];
    const measured = properties.filter((name) => all.every((each) => Number.isFinite(each.properties![name])));
    if (measured.length === 0) return unmeasured(alpha, properties);
    const test = largestKs(
      measured.map((name) => valuesOf(all, name)),
      reference.length,
      { seed, permutations: permutationsFor(alpha), onDraw: onChance },
    );
    const moves = measured.map((name, i) => ({
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
      said: `mean ${name} ${before.toPrecision(3)} -> ${now.toPrecision(3)}`,
      movers: pulledMean(window, [before, now], (each) => each.properties![name] ?? null),
      details: {
        reference: reference.length,
        window: window.length,
        properties: moves,
        sizes: sizes.map((size) => ({ name: size, before: medianOf(reference, size), now: medianOf(window, size) })),
      },
    };
  },
});

function valuesOf(observations: readonly Observation[], name: string): Float64Array {
  return Float64Array.from(observations, ({ properties }) => properties![name]!);
}

/** Null where it was not measured. */
function medianOf(observations: readonly Observation[], name: string): number | null {
  const values = observations.map(({ properties }) => properties![name]).filter((value) => value !== undefined);
  return values.length === 0 ? null : quantile(Float64Array.from(values).sort(), 0.5);
}

function unmeasured(alpha: number, properties: readonly string[]) {
  const said = `none of ${properties.join(', ')} was measured on every photo`;
  return { ...byP(1, alpha), statistic: 0, interval: null, said, movers: [], details: {} };
}
