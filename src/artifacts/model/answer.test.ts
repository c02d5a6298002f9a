import { describe, expect, it } from 'vitest';
import { classMask } from '../../inference/explain/class-mask.ts';
import { answer } from './answer.ts';

const labels = ['apple_healthy', 'apple_scab', 'unhealthy_pear'];
const task = {
  kind: 'question',
  positive: 'unwell',
  negative: 'healthy',
  negativePattern: { source: '(?<![a-z])healthy(?![a-z])', flags: 'i' },
} as const;

describe('answer', () => {
  it('sums the labels behind a question, and compares with the threshold', () => {
    const prediction = answer([0.6, 0.3, 0.1], { labels, task, threshold: 0.35 });
    expect(prediction.label).toBe('unwell');
    expect(prediction.probability).toBeCloseTo(0.4, 12);
    expect(prediction).toMatchObject({ positiveProbability: prediction.probability, threshold: 0.35 });
    expect(prediction.probabilities).toEqual({ unwell: prediction.probability, healthy: 1 - prediction.probability });
    expect(prediction.classes).toEqual({ apple_healthy: 0.6, apple_scab: 0.3, unhealthy_pear: 0.1 });
  });

  it('keeps a label named __proto__, and has no other', () => {
    const signature = { labels: ['__proto__', 'b'], task: { kind: 'multiclass' }, threshold: 0.5 } as const;
    const { label, probabilities } = answer([0.75, 0.25], { ...signature, labels: [...signature.labels] });
    expect(label).toBe('__proto__');
    expect(JSON.stringify(probabilities)).toBe('{"__proto__":0.75,"b":0.25}');
    expect(probabilities.constructor).toBeUndefined();
  });

  it.each([
    [0.6004, 0.649, 'healthy', 0.3996],
    [0.649, 0.649, 'unwell', 0.649],
    [0.3, 0.2, 'unwell', 0.3],
    [0.1, 0.5, 'healthy', 0.9],
    [0, 0, 'unwell', 0],
    [1, 1, 'unwell', 1],
  ])('P(unwell) %d with threshold %d: "%s", and the probability of that label', (unwell, threshold, label, probability) => {
    const prediction = answer([1 - unwell, unwell / 2, unwell / 2], { labels, task, threshold });
    expect(prediction).toMatchObject({ label, threshold, positiveProbability: expect.closeTo(unwell, 12) });
    expect(prediction.probability).toBeCloseTo(probability, 12);
    expect(prediction.probabilities[label]).toBe(prediction.probability);
  });

  it('names the likeliest label of a multi-class task', () => {
    const prediction = answer([0.2, 0.7, 0.1], { labels, task: { kind: 'multiclass' }, threshold: 0.5 });
    expect(prediction).toEqual({
      label: 'apple_scab',
      probability: 0.7,
      probabilities: { apple_healthy: 0.2, apple_scab: 0.7, unhealthy_pear: 0.1 },
    });
  });
});

describe('class mask', () => {
  const probabilities = Float32Array.of(0.2, 0.7, 0.1);
  it('speaks for the positive labels, the class asked for, or the likeliest', () => {
    expect([...classMask('m', { labels, task }, probabilities, undefined)]).toEqual([0, 1, 1]);
    expect([...classMask('m', { labels, task }, probabilities, 0)]).toEqual([1, 0, 0]);
    expect([...classMask('m', { labels, task: { kind: 'multiclass' } }, probabilities, undefined)]).toEqual([0, 1, 0]);
  });
  it('refuses a class that is not there', () => {
    expect(() => classMask('m', { labels, task }, probabilities, 3)).toThrow('0..2, got 3');
  });
});
