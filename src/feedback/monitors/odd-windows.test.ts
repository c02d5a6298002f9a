import { describe, expect, it } from 'vitest';
import { observation, observations } from '../../../tests/support/observation.ts';
import { runMonitorKind } from '../../../tests/support/run-monitor.ts';
import type { MonitorKind, Observation } from '../../contracts/loop/monitor.ts';
import { Random } from '../../math/stats/random.ts';
import { monitorTable } from './table.ts';

const random = new Random('odd');
/** A photo that has all that any monitor looks at. */
const whole = (said: Partial<Observation> = {}) =>
  observation({
    projection: Float32Array.from({ length: 8 }, () => random.normal()),
    properties: { brightness: 0.4, contrast: 0.2, sharpness: 300, red: 0.4, green: 0.5, blue: 0.3 },
    attention: { border: 0.2, entropy: 0.7 },
    truth: { label: 'healthy', weight: 1 },
    behaviour: {
      ...{ session: `${random.int(30)}`, seen: true, decision: 'accept', decisionMs: 4_000, outcome: 'helped' },
      values: [{ currency: 'EUR', value: 12.5, afterMs: 60_000 }],
    },
    ...said,
  });
const wholes = (count: number) => Array.from({ length: count }, () => whole());
const kinds = Object.keys(monitorTable) as MonitorKind[];
/** A fixed threshold that none of these photos is beyond. */
const fixed: Partial<Record<MonitorKind, object>> = {
  'positive-rate': { baseline: 0 },
  calibration: { tolerance: 0.2 },
};
const parametersOf = (kind: MonitorKind) => ({ ...monitorTable[kind].example, ...fixed[kind] });
const isNumber = (value: number | null) => value === null || Number.isFinite(value);

describe.each(kinds)('%s, whatever the minimum of samples', (kind) => {
  it.each([
    [0, 0],
    [0, 60],
    [60, 0],
    [1, 1],
    [1, 60],
    [60, 1],
    [3, 60],
    [60, 3],
  ])('of %i photos against %i finds no change where there is none, and numbers only', (window, reference) => {
    const found = runMonitorKind(kind, wholes(reference), wholes(window), {
      parameters: parametersOf(kind),
      minSamples: 0,
    });
    const expected = kind === 'traffic-absent' && window === 0 ? ['breach'] : ['ok', 'not-enough-data'];
    expect(expected).toContain(found.state);
    expect([found.statistic, found.p, found.threshold].every(isNumber)).toBe(true);
  });

  it('of photos that are all the same finds no change', () => {
    const one = whole();
    const same = (count: number) => observations(count, () => ({ ...one, id: `${random.int(1e9)}` }));
    const found = runMonitorKind(kind, same(60), same(50), { parameters: parametersOf(kind), minSamples: 10 });
    expect(found.state).toBe('ok');
    expect([found.statistic, found.p].every(isNumber)).toBe(true);
  });
});

it.each(['embedding-drift', 'embedding-mmd'] as const)('%s: what a half cannot hold is left out', (kind) => {
  const huge = observations(60, () => ({ projection: new Float32Array(8).fill(Number.POSITIVE_INFINITY) }));
  expect(runMonitorKind(kind, wholes(60), huge).state).toBe('not-enough-data');
  expect(runMonitorKind(kind, wholes(60), [...huge, ...wholes(60)])).toMatchObject({ details: { window: 60 } });
});
