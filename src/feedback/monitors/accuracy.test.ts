import { describe, expect, it } from 'vitest';
import { observations } from '../../../tests/support/observation.ts';
import { runMonitorKind } from '../../../tests/support/run-monitor.ts';
import type { ChangedAnswer } from '../../contracts/artifacts/reference-observation.ts';

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

describe('calibration', () => {
  /** `hits` of `count` right, at this confidence. */
  const sure = (count: number, hits: number, p: number, weight = 1) =>
    observations(count, (i) => ({
      label: 'unwell',
      probabilities: [1 - p, p],
      truth: truth(i < hits ? 'unwell' : 'healthy', weight),
    }));

  it('is confidence less accuracy, and breaches when the whole interval is beyond the tolerance', () => {
    const found = runMonitorKind('calibration', [], sure(100, 80, 0.99));
    expect(found).toMatchObject({ state: 'breach', threshold: 0.05, details: { labelled: 100, accuracy: 0.8 } });
    expect(found.statistic).toBeCloseTo(0.19, 9);
    // 0.99 less Wilson's interval of 80 of 100
    expect(found.interval!.low).toBeCloseTo(0.99 - 0.8666331, 6);
    expect(found.interval!.high).toBeCloseTo(0.99 - 0.7111708, 6);
    expect(found.details.expectedCalibrationError).toBeGreaterThan(0.18);
    expect(found.movers).toHaveLength(12);
    expect(runMonitorKind('calibration', [], sure(100, 97, 0.99)).state).toBe('ok');
    // seven of eight show nothing
    expect(runMonitorKind('calibration', [], sure(8, 7, 0.99)).state).toBe('ok');
  });

  it('finds a model that is surer than it says, too', () => {
    expect(runMonitorKind('calibration', [], sure(200, 198, 0.8)).state).toBe('breach');
  });

  it('weighs labels as they were chosen, and leaves out what was picked because it is hard', () => {
    const window = [...sure(300, 297, 0.99, 10), ...sure(60, 0, 0.99, 0)];
    expect(runMonitorKind('calibration', [], window)).toMatchObject({ state: 'ok', details: { labelled: 300 } });
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

  /** Answers to changed photos: at full strength all are "unwell", with confidence, and right where the leaf is. */
  const changed = (['noise', 'crop', 'turn', 'haze', 'cover', 'mix'] as const).flatMap((change, k) =>
    Array.from({ length: 40 }, (_, i): ChangedAnswer => {
      const isFar = i % 6 <= k;
      const isUnwell = isFar || i % 4 !== 0;
      const isTrue = i % 4 !== 0;
      return {
        id: `${change}-${i}`,
        change,
        answer: {
          label: isUnwell ? 'unwell' : 'healthy',
          score: isUnwell ? 0.98 : 0.02,
          probabilities: isUnwell ? [0.02, 0.98] : [0.98, 0.02],
          truth: isTrue ? 'unwell' : 'healthy',
          outOfDistributionScore: isFar ? 2 : 0.5,
        },
      };
    }),
  );
  const leaves = (count: number, isFar: boolean) =>
    observations(count, (i) => {
      const isUnwell = isFar || i % 4 !== 0;
      return {
        label: isUnwell ? 'unwell' : 'healthy',
        probabilities: isUnwell ? [0.02, 0.98] : [0.98, 0.02],
        outOfDistribution: isFar,
        outOfDistributionScore: isFar ? 2 : 0.5,
        truth: truth(i % 4 !== 0 ? 'unwell' : 'healthy'),
      };
    });

  it('alarms on photos that make the model sure and wrong, which its confidence does not show', () => {
    const [reference, blurred] = [leaves(200, false), without(leaves(200, true))];
    const parameters = { min: 0.9 };
    expect(runMonitorKind('estimated-accuracy', reference, blurred, { parameters }).state).toBe('ok');
    const found = runMonitorKind('estimated-accuracy', reference, blurred, { parameters, changed });
    expect(found.state).toBe('breach');
    expect(Math.abs(found.statistic! - 0.75)).toBeLessThan(0.05);
    expect(found.interval!.low).toBeLessThan(0.75);
    expect(found.interval!.high).toBeGreaterThan(0.75);
    expect(found.interval!.high - found.interval!.low).toBeLessThan(0.25);
    expect(found.said).toContain('photos that were changed on purpose');
    const usual = runMonitorKind('estimated-accuracy', reference, without(leaves(200, false)), { parameters, changed });
    expect(usual).toMatchObject({ state: 'ok', details: { shifted: 0 } });
    expect(usual.statistic).toBeCloseTo(0.98, 2);
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
