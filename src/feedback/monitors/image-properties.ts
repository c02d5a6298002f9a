import { z } from 'zod';
import { ksTest } from '../../math/drift/ks-test.ts';
import { byP, defineMonitor } from './monitor-kind.ts';
import { pulledMean } from './movers.ts';
import { meanOf } from './shares.ts';

/** Brightness, contrast, sharpness, colour, size: each by Kolmogorov-Smirnov, the smallest p times their number (Bonferroni). */
export const imageProperties = defineMonitor({
  kind: 'image-properties',
  about: 'whether photos are as bright, sharp, coloured and large as the reference',
  remedy: 'Ask what changed between plant and server: camera, light, app version, compression.',
  parameters: z.object({
    properties: z.array(z.string()).min(1).default(['brightness', 'contrast', 'sharpness', 'red', 'green', 'blue']),
  }),
  isDrift: true,
  uses: ({ properties }) => properties !== null,
  judge({ reference, window, parameters: { properties }, alpha }) {
    const tests = properties.map((name) => {
      const valuesOf = (of: typeof window) =>
        Float64Array.from(of, (each) => each.properties![name] ?? Number.NaN).filter((value) => !Number.isNaN(value));
      const [before, now] = [valuesOf(reference), valuesOf(window)];
      const found = before.length && now.length ? ksTest(before, now) : { statistic: 0, p: 1 };
      return { name, ...found, before: meanOf(before), now: meanOf(now) };
    });
    const most = tests.reduce((top, test) => (test.p < top.p ? test : top));
    return {
      ...byP(Math.min(1, most.p * tests.length), alpha),
      statistic: most.statistic,
      interval: null,
      said: `${most.name} ${most.before.toPrecision(3)} -> ${most.now.toPrecision(3)} on average`,
      movers: pulledMean(window, [most.before, most.now], (each) => each.properties![most.name] ?? null),
      details: { reference: reference.length, window: window.length, properties: tests },
    };
  },
});
