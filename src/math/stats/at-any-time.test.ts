import { describe, expect, it } from 'vitest';
import { meanEValue } from './mean-e-value.ts';
import { pairedMeanEValue } from './paired-mean-e-value.ts';
import { Random } from './random.ts';
import { shareEValue } from './share-e-value.ts';
import { shareSequence } from './share-sequence.ts';
import { signTest } from './sign-test.ts';

/** Looks of 2,000 series of 200 numbers each; the share in which `alarms` is ever true. */
function everAlarms(seed: string, chance: number, alarms: (count: number, total: number) => boolean): number {
  const random = new Random(seed);
  let alarmed = 0;
  for (let series = 0; series < 2000; series++) {
    let count = 0;
    for (let total = 1; total <= 200; total++) {
      if (random.float() < chance) count++;
      if (!alarms(count, total)) continue;
      alarmed++;
      break;
    }
  }
  return alarmed / 2000;
}

describe('the e-value of a share', () => {
  it.each([
    [0, 0, 0.1, 1],
    [4, 4, 0.1, 1446.4907730979999],
    [3, 20, 0.1, 0.5636769726832299],
    [30, 100, 0.5, 0.0007792700646750174],
    [70, 100, 0.5, 671.6793189839121],
  ])('of %i of %i at chance %d is NumPy’s', (hits, total, chance, expected) => {
    expect(shareEValue(hits, total, chance)).toBeCloseTo(expected, 6);
  });

  it('reaches 1 / alpha at any of 200 looks in at most alpha of the series without a difference, and often with one', () => {
    const alarm = (chance: number) =>
      everAlarms(`share ${chance}`, chance, (count, total) => shareEValue(count, total, 0.2) >= 20);
    expect(alarm(0.2)).toBeLessThan(0.06);
    expect(alarm(0.15)).toBeLessThan(0.06);
    expect(alarm(0.4)).toBeGreaterThan(0.95);
  });
});

describe('the ends that hold a share at every moment', () => {
  it.each([
    [3, 50, 0.05, 0.003918260010357446, 0.23244326615112812],
    [0, 20, 0.01, 0, 0.31783562504642565],
    [20, 20, 0.01, 0.6821643749535743, 1],
    [100, 400, 0.002, 0.16587351547887352, 0.34912623954780436],
  ])('of %i of %i at alpha %d are SciPy’s', (count, total, alpha, low, high) => {
    const ends = shareSequence(count, total, alpha);
    expect(ends.low).toBeCloseTo(low, 6);
    expect(ends.high).toBeCloseTo(high, 6);
  });

  it('of nothing are all there is', () => expect(shareSequence(0, 0, 0.05)).toEqual({ low: 0, high: 1 }));

  it('leave the share out at any of 200 looks in at most alpha of the series', () => {
    const leaves = (count: number, total: number) => {
      const { low, high } = shareSequence(count, total, 0.1);
      return low > 0.3 || high < 0.3;
    };
    expect(everAlarms('sequence', 0.3, leaves)).toBeLessThan(0.115);
  });
});

describe('the sign test', () => {
  it.each([
    [10, 2, 0.019287109375],
    [2, 10, 0.996826171875],
    [18, 0, 3.814697265625e-6],
    [0, 0, 1],
    [7, 7, 0.604736328125],
  ])('of %i against %i is SciPy’s', (first, second, p) => expect(signTest(first, second)).toBeCloseTo(p, 9));
});

describe('the e-value of a mean', () => {
  it('is NumPy’s', () => {
    const [high, low] = [
      [5, 0, 10, 20],
      [40, 10, 5, 2],
    ];
    const options = { share: 0.2, tolerance: 0.05 };
    expect(meanEValue(high!, low!, options)).toBeCloseTo(11116.168563993575, 6);
    expect(meanEValue(low!, high!, options)).toBeCloseTo(0.23215538604117528, 9);
    expect(meanEValue([0, 0], [0, 0], options)).toBe(1);
  });
});

describe('the e-value of a mean of pairs', () => {
  it('is NumPy’s', () => {
    expect(pairedMeanEValue([0.2, 0.1, -0.05, 0.3, 0.4, 0.15, 0.25], 0.05)).toBeCloseTo(1.3009543617999373, 9);
    expect(pairedMeanEValue([-0.5, 0, -1, 1], 0.05)).toBeCloseTo(0.7567700183261347, 9);
    expect(pairedMeanEValue([], 0.05)).toBe(1);
  });

  it('reaches 20 at any of 200 looks in at most 5 of 100 series at the tolerance itself, and nearly always beyond it', () => {
    const ever = (mean: number) => {
      const random = new Random(`pairs ${mean}`);
      let alarmed = 0;
      for (let series = 0; series < 300; series++) {
        const seen: number[] = [];
        for (let i = 0; i < 200; i++) seen.push(mean + 0.4 * (random.float() - random.float()));
        if (seen.some((_, i) => i % 10 === 9 && pairedMeanEValue(seen.slice(0, i + 1), 0.05) >= 20)) alarmed++;
      }
      return alarmed / 300;
    };
    expect(ever(0.05)).toBeLessThan(0.06);
    expect(ever(0.15)).toBeGreaterThan(0.95);
  });
});
