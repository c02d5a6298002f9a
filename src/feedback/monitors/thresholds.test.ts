import { describe, expect, it } from 'vitest';
import { observations } from '../../../tests/support/observation.ts';
import { runMonitorKind } from '../../../tests/support/run-monitor.ts';

describe('positive-rate', () => {
  const window = (positive: number, total: number) => observations(total, (i) => ({ score: i < positive ? 0.9 : 0.5 }));

  it("has the original system's numbers: baseline 0.628, a breach beyond 0.3 of it, answers above 0.5", () => {
    expect(runMonitorKind('positive-rate', [], window(929, 1000))).toMatchObject({ state: 'breach', statistic: 0.929 });
    expect(runMonitorKind('positive-rate', [], window(928, 1000)).state).toBe('ok');
    expect(runMonitorKind('positive-rate', [], window(327, 1000)).state).toBe('breach');
    expect(runMonitorKind('positive-rate', [], window(329, 1000)).state).toBe('ok');
  });

  it('has an interval, and shows the photos of the side that grew', () => {
    const rows = window(95, 100);
    const finding = runMonitorKind('positive-rate', [], rows);
    expect(finding.interval!.low).toBeCloseTo(0.88824953, 7);
    expect(finding.interval!.high).toBeCloseTo(0.97845632, 7);
    expect(rows.slice(0, 95).map(({ id }) => id)).toEqual(expect.arrayContaining([...finding.movers]));
    expect(
      runMonitorKind(
        'positive-rate',
        [],
        observations(20, () => ({ score: null })),
      ).state,
    ).toBe('not-enough-data');
  });
});

describe('error-rate', () => {
  it('counts what the service failed, when it is beyond doubt', () => {
    const window = (failed: number, total: number) => observations(total, (i) => ({ status: i < failed ? 503 : 200 }));
    const found = runMonitorKind('error-rate', [], window(6, 200));
    expect(found).toMatchObject({ state: 'breach', statistic: 0.03, threshold: 0.01 });
    expect(found.interval!.low).toBeCloseTo(0.0138203, 6);
    expect(found.movers).toHaveLength(6);
    expect(runMonitorKind('error-rate', [], window(1, 10)).state).toBe('breach');
    expect(runMonitorKind('error-rate', [], window(3, 200)).state).toBe('ok');
    const refused = observations(200, (i) => ({ status: i < 100 ? 422 : 200 }));
    expect(runMonitorKind('error-rate', [], refused)).toMatchObject({ state: 'ok', details: { window: 100 } });
  });
});

describe('latency', () => {
  it('is a quantile of the answered, by linear interpolation', () => {
    const window = observations(101, (i) => ({ latencyMs: 10 * i, status: i === 100 ? 200 : 200 }));
    expect(runMonitorKind('latency', [], window, { parameters: { quantile: 0.95, maxMs: 949 } })).toMatchObject({
      state: 'breach',
      statistic: 950,
    });
    expect(runMonitorKind('latency', [], window).state).toBe('ok');
    const slow = [...window, ...observations(50, () => ({ status: 504, latencyMs: 30_000 }))];
    expect(runMonitorKind('latency', [], slow).statistic).toBe(990);
  });
});

describe('traffic-absent', () => {
  it('finds silence', () => {
    expect(runMonitorKind('traffic-absent', [], [], { minSamples: 0 })).toMatchObject({
      state: 'breach',
      statistic: 0,
    });
    expect(runMonitorKind('traffic-absent', [], observations(1), { minSamples: 0 }).state).toBe('ok');
    const few = runMonitorKind('traffic-absent', [], observations(4), { minSamples: 0, parameters: { atLeast: 5 } });
    expect(few.state).toBe('breach');
  });
});

describe('parameters', () => {
  it.each([
    ['positive-rate', { baseline: 1.2 }],
    ['error-rate', { max: -0.1 }],
    ['latency', { quantile: 1 }],
    ['latency', { maxMs: 0 }],
    ['prediction-drift', { statistic: 'chi' }],
    ['prediction-drift', { bins: 1 }],
    ['prediction-drift', { tolerance: 1.5 }],
    ['calibration', { tolerance: -0.1 }],
    ['label-drift', { statistic: 'ks' }],
    ['embedding-drift', { atLeast: 0.3 }],
    ['embedding-mmd', { permutations: 5 }],
    ['image-properties', { properties: ['smell'] }],
    ['image-properties', { properties: [] }],
    ['measured-accuracy', { min: 2 }],
    ['estimated-accuracy', { min: 'high' }],
    ['user-events', { event: 'applause' }],
    ['traffic-absent', { atLeast: 0 }],
  ] as const)('of %s are checked: %j', (kind, parameters) => {
    expect(() => runMonitorKind(kind, [], observations(60), { parameters })).toThrow();
  });
});
