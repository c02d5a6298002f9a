import { describe, expect, it } from 'vitest';
import { Random } from '../stats/random.ts';
import { averageViews } from './average-views.ts';
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

  it('never cuts between equal scores', () => {
    const cut = chooseThreshold([0.5, 0.5, 0.5, 0.8], [0, 1, 0, 1]);
    expect(cut).toBeCloseTo(0.65, 12);
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
