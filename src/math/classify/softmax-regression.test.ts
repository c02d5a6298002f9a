import { describe, expect, it } from 'vitest';
import { Random } from '../stats/random.ts';
import { fitSoftmax } from './softmax-regression.ts';

const classes = 3;
const centres = [
  [0, 4],
  [4, 0],
  [-4, -4],
];

function sample(count: number, seed: number) {
  const random = new Random(seed);
  const targets = Array.from({ length: count }, () => random.int(classes));
  const rows = Float64Array.from(targets.flatMap((c) => centres[c]!.map((centre) => centre + random.normal())));
  return { rows, targets };
}

function accuracy(fit: ReturnType<typeof fitSoftmax>, { rows, targets }: ReturnType<typeof sample>): number {
  const right = targets.filter((target, i) => {
    const logits = fit.logits(rows.subarray(2 * i, 2 * i + 2));
    return logits.indexOf(Math.max(...logits)) === target;
  });
  return right.length / targets.length;
}

describe('fitSoftmax', () => {
  it('tells apart what a line can tell apart', () => {
    const train = sample(300, 1);
    expect(accuracy(fitSoftmax(train.rows, train.targets, classes, { seed: 1 }), sample(500, 2))).toBeGreaterThan(0.99);
  });

  it('recovers the log-odds of one number: slope 2, intercept 0', () => {
    const random = new Random(4);
    const rows = Float64Array.from({ length: 20_000 }, () => random.normal());
    const targets = Array.from(rows, (x) => (random.float() < 1 / (1 + Math.exp(-2 * x)) ? 1 : 0));
    const fit = fitSoftmax(rows, targets, 2, { seed: 1, weightDecay: 0, epochs: 20 });
    const odds = (x: number) => fit.logits([x])[1]! - fit.logits([x])[0]!;
    expect(odds(1) - odds(0)).toBeCloseTo(2, 0);
    expect(odds(0)).toBeCloseTo(0, 0);
    expect(Math.abs(odds(1) - odds(0) - 2)).toBeLessThan(0.15);
  });

  it('gives the same weights for the same seed', () => {
    const { rows, targets } = sample(100, 1);
    const logits = () => fitSoftmax(rows, targets, classes, { seed: 9, epochs: 3 }).logits([1, 2]);
    expect(logits()).toEqual(logits());
  });
});
