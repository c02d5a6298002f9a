import { describe, expect, it } from 'vitest';
import { Random } from '../stats/random.ts';
import { averageViews } from './average-views.ts';
import { fewestFor, leastProbability } from './label-sets.ts';
import { questionScores } from './question-scores.ts';
import { softmaxRows } from './softmax-rows.ts';
import { fitTemperature } from './temperature.ts';
import { chooseThreshold } from './threshold.ts';

/** N rows of K logits whose labels are drawn from softmax(logits), then times `factor`. */
function drawn(count: number, classes: number, factor: number, seed = 1) {
  const random = new Random(seed);
  const logits = Float64Array.from({ length: count * classes }, () => 2 * random.normal());
  const probabilities = softmaxRows(logits, classes);
  const targets = Int32Array.from({ length: count }, (_, i) => {
    let left = random.float();
    for (let k = 0; k < classes - 1; k++) {
      left -= probabilities[i * classes + k]!;
      if (left < 0) return k;
    }
    return classes - 1;
  });
  return { logits: logits.map((value) => value * factor), targets };
}

describe('temperature', () => {
  it.each([0.5, 1, 2.5])('finds the factor %d by which the logits were multiplied', (factor) => {
    const { logits, targets } = drawn(5000, 4, factor);
    const { temperature, nllBefore, nllAfter } = fitTemperature(logits, targets, 4);
    expect(temperature / factor).toBeCloseTo(1, 1);
    expect(nllAfter).toBeLessThanOrEqual(nllBefore + 1e-9);
  });

  it('stays near 1 when a few answers, all right, would drive it to 0', () => {
    const logits = [3, 0, 0, 3, 3, 0];
    const { temperature } = fitTemperature(logits, [0, 1, 0], 2);
    expect(temperature).toBeGreaterThan(0.4);
    expect(temperature).toBeLessThan(1);
  });

  it('is 1 without photos', () => {
    expect(fitTemperature([], [], 3).temperature).toBe(1);
  });
});

describe('threshold', () => {
  const often = <T>(values: readonly T[], times: number) => Array.from({ length: times }, () => values).flat();

  it('cuts in the middle of the gap between the answers, or at 0.5 when that lies in it', () => {
    expect(chooseThreshold([0.1, 0.2, 0.4, 0.45], [0, 0, 1, 1])).toBeCloseTo(0.3, 12);
    expect(chooseThreshold([0.1, 0.2, 0.6, 0.9], [0, 0, 1, 1])).toBe(0.5);
  });

  it('weighs both answers alike under youden, however rare one is', () => {
    // From 0.3 on: sensitivity 2/2, specificity 3/4. From 0.65 on: 1/2 and 4/4.
    const scores = often([0.05, 0.1, 0.2, 0.6, 0.4, 0.9], 100);
    expect(chooseThreshold(scores, often([0, 0, 0, 0, 1, 1], 100))).toBeCloseTo(0.3, 12);
  });

  it('stays at 0.5 while few photos speak for another cut', () => {
    // Best at 0.85: sensitivity 9/10, specificity 20/20. At 0.5: 10/10 and 18/20, no worse than chance would have it.
    const scores = [...often([0.02], 18), 0.7, 0.8, 0.75, ...often([0.97], 9)];
    const positives = [...often([0], 18), 0, 0, 1, ...often([1], 9)];
    expect(chooseThreshold(scores, positives)).toBe(0.5);
    expect(chooseThreshold(often(scores, 100), often(positives, 100))).not.toBe(0.5);
  });

  it('takes the best F1 where asked', () => {
    // F1 from 0.75 on: 2/3 (1 of 2, none wrong); from 0.25 on: 2 * 2 / (2 + 4 + 2) = 0.5; of all: 0.44.
    const scores = [0.9, 0.6, 0.5, 0.4, 0.35, 0.3, 0.1];
    const positives = [1, 0, 0, 0, 0, 1, 0];
    expect(chooseThreshold(scores, positives, 'f1')).toBeCloseTo(0.75, 12);
  });

  it('is 0.5 when told so, and when one answer is missing', () => {
    expect(chooseThreshold([0.1, 0.9], [0, 1], 'half')).toBe(0.5);
    expect(chooseThreshold([0.1, 0.9], [1, 1])).toBe(0.5);
  });

  describe('by a promise or costs', () => {
    /** Scores of the positive photos are sqrt(u), of the others 1 - sqrt(u): they overlap. */
    const sample = (count: number, seed: number) => {
      const random = new Random(seed);
      const positives = Array.from({ length: count }, (_, i) => i % 2);
      const scores = positives.map((is) => (is ? Math.sqrt(random.float()) : 1 - Math.sqrt(random.float())));
      return { scores, positives };
    };
    const share = (of: number, { scores, positives }: ReturnType<typeof sample>, at: number) => {
      const rows = scores.filter((_, i) => positives[i] === of);
      return rows.filter((score) => score >= at === (of === 1)).length / rows.length;
    };

    it.each([
      ['sensitivity', 1],
      ['specificity', 0],
    ] as const)('keeps the %s on new photos, on average', (name, of) => {
      const fresh = sample(20_000, 7);
      const kept = Array.from({ length: 200 }, (_, seed) => {
        const { scores, positives } = sample(100, seed + 100);
        return share(of, fresh, chooseThreshold(scores, positives, { [name]: 0.9 } as never)!);
      });
      const mean = kept.reduce((sum, value) => sum + value, 0) / kept.length;
      expect(mean).toBeGreaterThanOrEqual(0.895);
      expect(mean).toBeLessThan(0.93);
    });

    it('gives nothing away where the answers are apart', () => {
      const scores = [...often([0.2], 50), ...often([0.8], 50)];
      expect(
        chooseThreshold(
          scores,
          scores.map((score) => Number(score > 0.5)),
          { sensitivity: 0.9 },
        ),
      ).toBe(0.5);
    });

    it('is null where so few photos cannot show it: 18 of at least 19', () => {
      const scores = [...often([0.1], 40), ...often([0.9], 18)];
      const positives = scores.map((score) => Number(score > 0.5));
      expect(chooseThreshold(scores, positives, { sensitivity: 0.95 })).toBeNull();
      expect(fewestFor(0.95)).toBe(19);
      const enough = chooseThreshold([...scores, 0.9], [...positives, 1], { sensitivity: 0.95 });
      expect(enough).toBe(0.5);
    });

    it('is the cheapest: a missed positive at 9 false alarms is told from P = 0.1 on', () => {
      const random = new Random(3);
      const scores = Array.from({ length: 4000 }, () => random.float());
      const positives = scores.map((score) => Number(random.float() < score));
      const costs = (falseNegative: number, falsePositive: number) =>
        chooseThreshold(scores, positives, { cost: { falseNegative, falsePositive } });
      expect(costs(9, 1)).toBeCloseTo(0.1, 2);
      expect(costs(1, 9)).toBeCloseTo(0.9, 2);
      // scores that are not calibrated: below 0.6 nothing is positive, whatever Elkan's threshold
      const shifted = scores.map((score) => Number(score > 0.6));
      const at = chooseThreshold(scores, shifted, { cost: { falseNegative: 9, falsePositive: 1 } })!;
      expect(at).toBeGreaterThan(0.55);
    });
  });

  it('never cuts between equal scores', () => {
    const cut = chooseThreshold([0.5, 0.5, 0.5, 0.8], [0, 1, 0, 1]);
    expect(cut).toBeCloseTo(0.65, 12);
  });
});

describe('label sets', () => {
  it('hold the true label in the promised share of new photos, on average, whatever the model', () => {
    const fresh = drawn(20_000, 4, 3, 9);
    const probabilities = softmaxRows(fresh.logits, 4);
    const coverages = Array.from({ length: 200 }, (_, seed) => {
      const { logits, targets } = drawn(60, 4, 3, seed + 100);
      const least = leastProbability(softmaxRows(logits, 4), targets, 0.9)!;
      return fresh.targets.filter((target, i) => probabilities[i * 4 + target]! >= least).length / fresh.targets.length;
    });
    const mean = coverages.reduce((sum, value) => sum + value, 0) / coverages.length;
    expect(mean).toBeGreaterThan(0.895);
    expect(mean).toBeLessThan(0.9 + 1 / 61 + 0.005);
  });

  it('are the k-th smallest probability of the truth, and none with too few photos', () => {
    const rows = (truths: number[]) => truths.flatMap((p) => [p, 1 - p]);
    const nine = [0.9, 0.1, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2];
    expect(leastProbability(rows(nine), Array(9).fill(0), 0.9)).toBe(0.1);
    expect(leastProbability(rows(nine), Array(9).fill(0), 0.8)).toBe(0.2);
    expect(leastProbability(rows(nine.slice(1)), Array(8).fill(0), 0.9)).toBeNull();
    expect(fewestFor(0.9)).toBe(9);
  });
});

it('averages views as probabilities, and hands one view through', () => {
  const logits = [2, 0, 0, 2];
  const [first, second] = averageViews(logits, 2, 2);
  expect(first).toBeCloseTo(Math.log(0.5), 12);
  expect(second).toBeCloseTo(Math.log(0.5), 12);
  expect([...averageViews([1, 5], 2, 1)]).toEqual([1, 5]);
});

it('adds up what the positive labels get', () => {
  expect([...questionScores([0.2, 0.5, 0.3, 1, 0, 0], [false, true, true])]).toEqual([0.8, 0]);
});
