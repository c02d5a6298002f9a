import { describe, expect, it } from 'vitest';
import { Random } from '../stats/random.ts';
import { brier } from './brier.ts';
import { calibrationErrorFloor, expectedCalibrationError, reliability } from './calibration-error.ts';
import { accuracy, balancedAccuracy, confusionMatrix, labelScores } from './confusion-matrix.ts';
import { operatingPoints } from './curves.ts';
import { nll } from './nll.ts';
import { prAuc } from './pr-auc.ts';
import { rocAuc } from './roc-auc.ts';

// scikit-learn's documented example: roc_auc_score 0.75, average_precision_score 0.8333
const scores = [0.1, 0.4, 0.35, 0.8];
const truths = [0, 0, 1, 1];

describe('ranking', () => {
  it('agrees with the values scikit-learn documents', () => {
    expect(rocAuc(scores, truths)).toBeCloseTo(0.75, 12);
    expect(prAuc(scores, truths)).toBeCloseTo(0.8333333, 6);
  });

  it('counts a tie as half', () => {
    expect(rocAuc([1, 1], [0, 1])).toBe(0.5);
    expect(rocAuc([0.5, 0.5, 0.5, 0.9], [0, 1, 0, 1])).toBeCloseTo(0.75, 12);
  });

  it('equals the pair count on random scores, weights as repetition', () => {
    const random = new Random(7);
    const s = Array.from({ length: 60 }, () => random.int(20));
    const y = s.map(() => random.int(2));
    const w = s.map(() => random.int(3));
    let wins = 0;
    let pairs = 0;
    for (let i = 0; i < s.length; i++) {
      for (let j = 0; j < s.length; j++) {
        if (!y[i] || y[j]) continue;
        wins += w[i]! * w[j]! * (s[i]! > s[j]! ? 1 : s[i] === s[j] ? 0.5 : 0);
        pairs += w[i]! * w[j]!;
      }
    }
    expect(rocAuc(s, y, w)).toBeCloseTo(wins / pairs, 12);
  });

  it('is NaN with one class only', () => {
    expect(rocAuc([1, 2], [1, 1])).toBeNaN();
  });

  it('walks the ROC from (0,0) to (1,1)', () => {
    const points = operatingPoints(scores, truths);
    expect(points[0]).toMatchObject({ recall: 0, falsePositiveRate: 0 });
    expect(points.at(-1)).toMatchObject({ recall: 1, falsePositiveRate: 1, precision: 0.5, threshold: 0.1 });
  });
});

describe('confusion', () => {
  // scikit-learn's documented example: balanced_accuracy_score([0,1,0,0,1,0],[0,1,0,0,0,1]) = 0.625
  const matrix = confusionMatrix([0, 1, 0, 0, 1, 0], [0, 1, 0, 0, 0, 1], 2);
  it('has truth in rows', () => expect([...matrix]).toEqual([3, 1, 1, 1]));
  it('agrees with the documented values', () => {
    expect(accuracy(matrix, 2)).toBeCloseTo(4 / 6, 12);
    expect(balancedAccuracy(matrix, 2)).toBeCloseTo(0.625, 12);
  });
  it('scores a label', () => {
    expect(labelScores(matrix, 2, 0)).toEqual({ support: 4, precision: 0.75, recall: 0.75, f1: 0.75 });
  });
});

describe('probabilities', () => {
  it('Brier: scikit-learn documents 0.0375', () => {
    expect(brier([0.1, 0.9, 0.8, 0.3], [0, 1, 1, 0], 1)).toBeCloseTo(0.0375, 12);
  });
  it('Brier of two labels is twice the binary one', () => {
    expect(brier([0.9, 0.1, 0.2, 0.8], [0, 1], 2)).toBeCloseTo(2 * brier([0.1, 0.8], [0, 1], 1), 12);
  });
  it('NLL: scikit-learn documents log_loss 0.21616', () => {
    expect(nll([0.9, 0.1, 0.1, 0.9, 0.2, 0.8, 0.65, 0.35], [0, 1, 1, 0], 2)).toBeCloseTo(
      -(Math.log(0.9) + Math.log(0.9) + Math.log(0.8) + Math.log(0.65)) / 4,
      12,
    );
    expect(nll([0.1, 0.9, 0.8, 0.35], [0, 1, 1, 0], 1)).toBeCloseTo(0.21616, 5);
  });
  it('stays finite for a sure and wrong answer', () => expect(nll([0], [1], 1)).toBeCloseTo(-Math.log(1e-7), 9));
});

describe('calibration', () => {
  it('is the gap when every bin is off by the same', () => {
    const confidences = Array.from({ length: 300 }, (_, i) => 0.7 + i * 1e-6);
    expect(expectedCalibrationError(confidences, new Array(300).fill(1))).toBeCloseTo(0.3, 3);
  });
  it('splits into bins of equal mass', () => {
    expect(reliability([0.1, 0.2, 0.3, 0.4], [0, 0, 1, 1], 2)).toEqual([
      { confidence: expect.closeTo(0.15, 9), accuracy: 0, count: 2 },
      { confidence: 0.35, accuracy: 1, count: 2 },
    ]);
  });
  it('has a floor that falls as N grows (DESIGN: binary about 1.0 % at 263, 0.6 % at 760)', () => {
    const sure = (n: number) => Array.from({ length: n }, (_, i) => 1 - 0.25 * ((i + 0.5) / n) ** 6);
    const few = calibrationErrorFloor(sure(263), 1);
    const many = calibrationErrorFloor(sure(2630), 1);
    expect(few).toBeGreaterThan(many);
    expect(many).toBeGreaterThan(0);
  });
});
