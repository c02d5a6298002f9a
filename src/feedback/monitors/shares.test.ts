import { describe, expect, it } from 'vitest';
import { decided, observations } from '../../../tests/support/observation.ts';
import { runMonitorKind } from '../../../tests/support/run-monitor.ts';
import type { MonitorKind, Observation } from '../../contracts/loop/monitor.ts';

// 3 of 50 against 12 of 60: SciPy's fisher_exact says 0.0491029; less half of hypergeom.pmf of the table seen, 0.0116637
const cases: [MonitorKind, () => Partial<Observation>][] = [
  ['out-of-distribution', () => ({ outOfDistribution: true, outOfDistributionScore: 2 })],
  ['abstain', () => ({ uncertain: true })],
  ['quality-hints', () => ({ quality: ['blurred'] })],
  ['user-events', () => ({ behaviour: decided('override') })],
];

const sample = (count: number, total: number, hit: () => Partial<Observation>) =>
  observations(total, (i) => ({ properties: { brightness: 0.5 }, ...(i < count && hit()) }));

describe.each(cases)('%s', (kind, hit) => {
  it("is a share, tested by Fisher's exact test with mid-p", () => {
    const [reference, window] = [sample(3, 50, hit), sample(12, 60, hit)];
    const parameters = { tolerance: 0 };
    const finding = runMonitorKind(kind, reference, window, { alpha: 0.05, parameters });
    expect(finding).toMatchObject({ state: 'breach', statistic: 0.2, threshold: 0.05 });
    expect(finding.p).toBeCloseTo(0.0491029205 - 0.0116637058, 8);
    expect(finding.interval!.low).toBeCloseTo(0.118285, 5);
    expect(finding.interval!.high).toBeCloseTo(0.317818, 5);
    expect(finding.said).toContain('6 % -> 20 %');
    expect(finding.movers.toSorted()).toEqual(
      window
        .slice(0, 12)
        .map(({ id }) => id)
        .toSorted(),
    );
    expect(runMonitorKind(kind, reference, window, { parameters }).state).toBe('ok');
  });

  it('that moves no further than days do is no breach, however many photos show it', () => {
    const [reference, window] = [sample(200, 5_000, hit), sample(300, 5_000, hit)];
    const tested = (tolerance?: number) =>
      runMonitorKind(kind, reference, window, { parameters: tolerance === undefined ? {} : { tolerance } });
    expect(tested(0).state).toBe('breach');
    expect(tested()).toMatchObject({ state: 'ok', p: 1 });
    // as if the reference had 250 of 5,000
    const moved = runMonitorKind(kind, sample(250, 5_000, hit), window, { parameters: { tolerance: 0 } });
    expect(tested(0.01).p).toBe(moved.p);
  });

  it('says when there is not enough, of either side', () => {
    const [few, many] = [sample(1, 9, hit), sample(3, 50, hit)];
    for (const [reference, window] of [
      [few, many],
      [many, few],
      [[], many],
    ] as const) {
      const finding = runMonitorKind(kind, reference, window, { minSamples: 10 });
      expect(finding).toMatchObject({ state: 'not-enough-data', statistic: null, p: null, movers: [] });
      expect(finding.said).toContain('10 are needed');
    }
  });
});

describe('what counts', () => {
  it('leaves photos out whose distance was not measured, and failures', () => {
    const unmeasured = observations(500, () => ({ outOfDistributionScore: null }));
    const reference = sample(3, 50, () => ({ outOfDistribution: true }));
    expect(runMonitorKind('out-of-distribution', reference, unmeasured).state).toBe('not-enough-data');
    const failed = observations(500, () => ({ status: 500, label: null, score: null }));
    expect(runMonitorKind('abstain', reference, failed).state).toBe('not-enough-data');
  });

  it('takes train photos, which have no answer, where none is needed', () => {
    const train = observations(60, () => ({ label: null, score: null, properties: { brightness: 0.4 } }));
    expect(
      runMonitorKind(
        'quality-hints',
        train,
        sample(20, 60, () => ({ quality: ['too-dark'] })),
      ).state,
    ).toBe('breach');
    expect(
      runMonitorKind(
        'abstain',
        train,
        sample(20, 60, () => ({ uncertain: true })),
      ).state,
    ).toBe('not-enough-data');
  });
});
