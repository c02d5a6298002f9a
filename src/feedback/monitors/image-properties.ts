import { z } from 'zod';
import type { Observation } from '../../contracts/loop/monitor.ts';
import { quantile } from '../../math/stats/bootstrap.ts';
import { largestMove } from './largest-move.ts';
import { byP, defineMonitor } from './monitor-kind.ts';
import { tolerance } from './shares.ts';

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
  parameters: z.object({ properties: z.array(z.enum(names)).min(1).default(usual), tolerance: tolerance(0.15) }),
  isDrift: true,
  uses: ({ properties }) => properties !== null,
  judge(check) {
    const { reference, window, parameters, alpha } = check;
    const all = [...reference, ...window];
    const measured = parameters.properties.filter((name) =>
      all.every((each) => Number.isFinite(propertyOf(each, name))),
    );
    if (measured.length === 0) return unmeasured(alpha, parameters.properties);
    const { largest, moves, judged } = largestMove(check, measured, propertyOf);
    return {
      ...judged,
      said: `mean ${largest.name} ${largest.before.toPrecision(3)} -> ${largest.now.toPrecision(3)}`,
      details: {
        reference: reference.length,
        window: window.length,
        properties: moves,
        sizes: sizes.map((size) => ({ name: size, before: medianOf(reference, size), now: medianOf(window, size) })),
      },
    };
  },
});

const propertyOf = ({ properties }: Observation, name: string) => properties?.[name] ?? Number.NaN;

/** Null where it was not measured. */
function medianOf(observations: readonly Observation[], name: string): number | null {
  const values = observations.map((each) => propertyOf(each, name)).filter((value) => !Number.isNaN(value));
  return values.length === 0 ? null : quantile(Float64Array.from(values).sort(), 0.5);
}

function unmeasured(alpha: number, properties: readonly string[]) {
  const said = `none of ${properties.join(', ')} was measured on every photo`;
  return { ...byP(1, alpha), statistic: 0, interval: null, said, movers: [], details: {} };
}
