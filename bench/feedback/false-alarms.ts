import type { Observation } from '../../src/contracts/loop/monitor.ts';
import { wilsonInterval } from '../../src/math/stats/proportion.ts';
import { Random } from '../../src/math/stats/random.ts';
import type { BenchContext, Figure } from '../figure.ts';
import { type DriftTest, draw, driftTests, findingOf } from './drift-tests.ts';
import { observed, openWorld, overridden } from './unseen-photos.ts';

const alpha = 0.05;
const referenceSize = 300;
const sizes = [50, 200, 1000];

const drawnAtRandom: ReadonlySet<string> = new Set(['quality-hints', 'user-events']);

/** Windows and references of the same photos, both drawn anew each time: what alarms, alarms by chance. */
export async function falseAlarms(context: BenchContext): Promise<Figure[]> {
  const { unseen, model } = await openWorld(context);
  const random = new Random('events');
  const photos = unseen.map((photo, i) => ({
    ...observed(photo, model.signature),
    ...(random.float() < 0.1 && { behaviour: overridden(`${i}`) }),
    // of these photos themselves 0.5 % have a hint: too few to test
    quality: random.float() < 0.05 ? ['blurred' as const] : [],
  }));
  return driftTests.map((test) => {
    const windows = Math.round((test.isCostly ? 500 : 2000) * context.options.scale);
    const shares = sizes.map((size) => shareOfAlarms(test, photos, size, windows));
    context.log(`${test.name}: ${shares.map((share) => (100 * share).toFixed(1)).join(', ')} %`);
    const met = shares.every((share, i) => {
      const lowest = test.isDiscrete && sizes[i] === 50 ? 0 : 0.03;
      return share >= lowest && share <= 0.07;
    });
    const half = (100 * (wilsonInterval(windows / 20, windows).high - 0.05)).toFixed(1);
    return {
      what: `false alarms of ${test.name}, n = ${sizes.join(', ')}`,
      got: `${shares.map((share) => (100 * share).toFixed(1)).join(', ')} %`,
      toReach: test.isDiscrete ? '3-7 % (n = 50: 0-7 %)' : '3-7 %',
      met,
      note: `${windows} windows each, +- ${half}${drawnAtRandom.has(test.kind) ? '; its events were assigned to photos at random' : ''}`,
    };
  });
}

function shareOfAlarms(test: DriftTest, photos: readonly Observation[], size: number, windows: number): number {
  const random = new Random(`${test.name}:${size}`);
  let alarms = 0;
  for (let i = 0; i < windows; i++) {
    const drawn = draw(random, photos, referenceSize + size);
    const { p } = findingOf(test, drawn.slice(0, referenceSize), drawn.slice(referenceSize), `${i}`, alpha, 0);
    if (p! < alpha) alarms++;
  }
  return alarms / windows;
}
