import { describe, expect, it } from 'vitest';
import { combine } from './combine.ts';

const logit = (p: number) => Math.log(p / (1 - p));

/** Of a question whose threshold is 0.4. */
function photo(positiveProbability: number) {
  const label = positiveProbability >= 0.4 ? 'unwell' : 'healthy';
  const probabilities = { unwell: positiveProbability, healthy: 1 - positiveProbability };
  return { label, positiveProbability, threshold: 0.4, probabilities };
}

describe('one answer of several photos', () => {
  it('has the mean of their log-odds, and is never surer than the surest', () => {
    const combined = combine([photo(0.9), photo(0.3), photo(0.8)], null)!;
    const expected = (logit(0.9) + logit(0.3) + logit(0.8)) / 3;
    expect(logit(combined.positiveProbability!)).toBeCloseTo(expected, 9);
    expect(combined).toMatchObject({ label: 'unwell', photos: 3, probability: combined.positiveProbability });
    // a product of the three would say 0.9986
    expect(combine([photo(0.9), photo(0.9), photo(0.9)], null)!.positiveProbability).toBeCloseTo(0.9, 9);
  });

  it("is by the model's threshold, also where each photo has the other answer", () => {
    expect(combine([photo(0.1), photo(0.7)], null)).toMatchObject({ label: 'healthy', threshold: 0.4 });
    expect(combine([photo(0.39), photo(0.42)], null)).toMatchObject({ label: 'unwell' });
    expect(combine([photo(0.39), photo(0.42)], { low: 0.4, high: 0.6 })).toMatchObject({
      label: 'uncertain',
      leaning: 'unwell',
    });
  });

  it('leaves out refused photos, whose label says nothing', () => {
    const refused = {
      ...photo(0.999),
      label: 'uncertain',
      leaning: 'unwell',
      refusal: { reason: 'unlike-training' as const, advice: '' },
    };
    expect(combine([photo(0.1), refused], null)).toMatchObject({ photos: 1, label: 'healthy' });
    expect(combine([refused], null)).toBeNull();
  });

  it('takes any labels, and certainty', () => {
    const probabilities = (a: number, b: number, c: number) => ({ label: 'a', probabilities: { a, b, c } });
    const combined = combine([probabilities(1, 0, 0), probabilities(0, 0.5, 0.5)], null)!;
    expect(Object.values(combined.probabilities).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
    expect(combine([probabilities(0.5, 0.4, 0.1), probabilities(0.1, 0.6, 0.3)], null)!.label).toBe('b');
    expect(combined).not.toHaveProperty('threshold');
  });
});
