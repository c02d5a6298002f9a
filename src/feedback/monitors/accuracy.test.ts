import { describe, expect, it } from 'vitest';
import { observations } from '../../../tests/support/observation.ts';
import { runMonitorKind } from '../../../tests/support/run-monitor.ts';

const truth = (label: string, weight = 1) => ({ label, weight });

describe('measured-accuracy', () => {
  it('is the share of right answers among those labelled, with an interval', () => {
    const window = [
      ...observations(95, () => ({ truth: truth('healthy') })),
      ...observations(5, () => ({ truth: truth('unwell') })),
      ...observations(900),
    ];
    const found = runMonitorKind('measured-accuracy', [], window, { parameters: { min: 0.98 } });
    expect(found).toMatchObject({ state: 'breach', statistic: 0.95, details: { labelled: 100 } });
    expect(found.interval!.low).toBeCloseTo(0.88824953, 7);
    expect(found.interval!.high).toBeCloseTo(0.97845632, 7);
    expect(found.movers).toHaveLength(5);
    // 0.9 lies inside the interval's reach: not beyond doubt
    expect(runMonitorKind('measured-accuracy', [], window, { parameters: { min: 0.97 } }).state).toBe('ok');
  });

  it('undoes how photos were chosen: a wrong one drawn for review counts once, a right one of a tenth counts ten', () => {
    const window = [
      ...observations(50, () => ({ truth: truth('unwell', 1) })),
      ...observations(95, () => ({ truth: truth('healthy', 10) })),
    ];
    expect(runMonitorKind('measured-accuracy', [], window).statistic).toBe(0.95);
    expect(runMonitorKind('measured-accuracy', [], observations(50)).state).toBe('not-enough-data');
  });

  it('leaves out what was picked because it is hard', () => {
    const window = [
      ...observations(50, () => ({ truth: truth('unwell', 0) })),
      ...observations(60, () => ({ truth: truth('healthy') })),
    ];
    expect(runMonitorKind('measured-accuracy', [], window)).toMatchObject({ statistic: 1, details: { labelled: 60 } });
  });
});

describe('estimated-accuracy', () => {
  const answered = (count: number, unwell: number, p: number) =>
    observations(count, (i) => {
      const isUnwell = i < unwell;
      const right = (i * 7) % 10 < 10 * p;
      const label = isUnwell ? 'unwell' : 'healthy';
      return {
        label,
        score: isUnwell ? p : 1 - p,
        probabilities: isUnwell ? [1 - p, p] : [p, 1 - p],
        truth: truth(right ? label : isUnwell ? 'healthy' : 'unwell'),
      };
    });
  const without = (rows: ReturnType<typeof answered>) => rows.map((row) => ({ ...row, truth: null }));

  it('is the mean confidence where the shares stayed, and never comes without its interval', () => {
    const reference = answered(400, 200, 0.9);
    const found = runMonitorKind('estimated-accuracy', reference, without(answered(400, 200, 0.9)));
    expect(found.state).toBe('ok');
    expect(found.statistic).toBeCloseTo(0.9, 3);
    // 1.96 sqrt(0.09 / 400 + 0.09 / 400)
    expect(found.interval!.high - found.statistic!).toBeCloseTo(0.0416, 3);
    expect(found.statistic! - found.interval!.low).toBeCloseTo(0.0416, 3);
    expect(found.details.shares).toMatchObject({ healthy: expect.closeTo(0.5, 2), unwell: expect.closeTo(0.5, 2) });
  });

  it('breaches when even the upper end is too low, and shows the least sure', () => {
    const window = [...without(answered(400, 200, 0.6)), ...without(answered(20, 10, 0.51))];
    const found = runMonitorKind('estimated-accuracy', answered(400, 200, 0.9), window);
    expect(found.state).toBe('breach');
    const leastSure = new Set(window.slice(400).map(({ id }) => id));
    expect(found.movers.every((id) => leastSure.has(id))).toBe(true);
  });

  it('does not vouch for photos unlike any it was calibrated on: the low end takes them as wrong', () => {
    const far = (rows: ReturnType<typeof answered>, count: number) =>
      rows.map((row, i) => ({ ...row, outOfDistribution: i % 100 < count }));
    const reference = far(answered(400, 200, 0.9), 4);
    const [usual, strange] = [4, 54].map((count) =>
      runMonitorKind('estimated-accuracy', reference, without(far(answered(400, 200, 0.9), count))),
    );
    expect(usual!.interval!.low).toBeCloseTo(0.9 - 0.0416, 3);
    expect(usual!.said).not.toContain('far from');
    expect(strange!.statistic).toBeCloseTo(0.9, 3);
    expect(strange!.interval!.high).toBeCloseTo(usual!.interval!.high, 6);
    // half of the photos, answered with 90 % confidence each
    expect(strange!.interval!.low).toBeCloseTo(0.9 - 0.0416 - 0.45, 3);
    expect(strange!.said).toContain('54 % of the photos are far from the training photos');
  });

  it('places labels by the list it is given, where a label was never seen', () => {
    const rows = observations(100, () => ({ label: 'b', probabilities: [0.1, 0.8, 0.1], truth: truth('b') }));
    const found = runMonitorKind('estimated-accuracy', rows, rows, { labels: ['a', 'b', 'c'] });
    expect(found.details.shares).toEqual({
      a: expect.closeTo(0.1, 6),
      b: expect.closeTo(0.8, 6),
      c: expect.closeTo(0.1, 6),
    });
    expect(found.statistic).toBeCloseTo(0.8, 6);
  });
});
