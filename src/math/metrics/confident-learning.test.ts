import { describe, expect, it } from 'vitest';
import { suspiciousLabels } from './confident-learning.ts';

describe('suspiciousLabels', () => {
  // thresholds: label 0 = mean(0.9, 0.8, 0.1) = 0.6; label 1 = mean(0.9, 0.7) = 0.8
  const probabilities = [0.9, 0.1, 0.8, 0.2, 0.1, 0.9, 0.1, 0.9, 0.3, 0.7];
  const given = [0, 0, 0, 1, 1];

  it('finds the example whose answer reaches the threshold of another label', () => {
    expect(suspiciousLabels(probabilities, given, 2)).toEqual([
      { index: 2, given: 0, suggested: 1, confidence: 0.9, margin: expect.closeTo(-0.8, 12) },
    ]);
  });

  it('finds nothing where the answers agree', () => {
    expect(suspiciousLabels([0.9, 0.1, 0.2, 0.8], [0, 1], 2)).toEqual([]);
  });

  it('puts the surest contradiction first', () => {
    const p = [0.9, 0.1, 0.9, 0.1, 0.45, 0.55, 0.05, 0.95, 0.1, 0.9, 0.9, 0.1];
    const found = suspiciousLabels(p, [0, 0, 0, 0, 1, 1], 2);
    expect(found[0]!.index).toBe(3);
  });
});
