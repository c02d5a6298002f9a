import { describe, expect, it } from 'vitest';
import { evaluationSchema } from '../../contracts/artifacts/evaluation.ts';
import type { Example } from '../../contracts/artifacts/example.ts';
import type { Signature } from '../../contracts/artifacts/signature.ts';
import type { Answers } from './answers.ts';
import { bless } from './bless.ts';
import { evaluate } from './evaluate.ts';
import { reportPage } from './report/report.ts';
import { evaluatorSpec } from './spec.ts';

const labels = ['healthy', 'rust', 'spot'];
const task = {
  kind: 'question',
  positive: 'unwell',
  negative: 'healthy',
  negativePattern: { source: 'healthy', flags: '' },
} as const;
const costs = { cost: { falseNegative: 10, falsePositive: 1 } };

/** Photos of the truth with these probabilities, from the camera. */
function photos(count: number, truth: number, probabilities: number[], camera: string) {
  return Array.from({ length: count }, () => ({ truth, probabilities, camera }));
}

/** 100 healthy, 20 of them told unwell; 40 with rust, all told; 60 with spot, 15 missed, all of them by the old camera. */
const all = [
  ...photos(80, 0, [0.9, 0.08, 0.02], 'new'),
  ...photos(20, 0, [0.6, 0.38, 0.02], 'old'),
  ...photos(40, 1, [0.1, 0.85, 0.05], 'new'),
  ...photos(45, 2, [0.1, 0.3, 0.6], 'new'),
  ...photos(15, 2, [0.75, 0.01, 0.24], 'old'),
];

function evaluated(signature: Partial<Signature>, baseline?: number[]) {
  const threshold = 0.3;
  const examples = all.map(({ truth, camera }, i) => ({
    sha256: i.toString(16).padStart(64, '0'),
    label: labels[truth],
    filename: `${i}.jpg`,
    group: `g${i}`,
    attributes: { camera },
  })) as unknown as Example[];
  const answers: Answers = {
    probabilities: Float64Array.from(all.flatMap(({ probabilities }) => probabilities)),
    truths: Int32Array.from(all, ({ truth }) => truth),
    ...{ labels, task, threshold },
  };
  const same = (probabilities: number[]) => Float64Array.from(all.flatMap(() => probabilities));
  const measured = evaluate({
    ...{ examples, answers, signature: { labels, task, threshold, ...signature } as Signature },
    ...{
      groupBy: 'none',
      baselineAnswers: baseline ? { ...answers, probabilities: same(baseline) } : null,
      modelDigest: 'a'.repeat(64),
      baselineDigest: null,
    },
    ...{ sliceBy: ['camera'], pictures: 0, resamples: 200, seed: 1 },
  });
  const evaluation = { ...measured, suspiciousLabels: null, golden: [] };
  expect(evaluationSchema.parse(JSON.parse(JSON.stringify(evaluation)))).toEqual(evaluation);
  return evaluation;
}

const blessed = (evaluation: ReturnType<typeof evaluated>, thresholds: object) =>
  bless(evaluation, evaluatorSpec.parameters.parse({ thresholds }))!;
const page = (evaluation: ReturnType<typeof evaluated>) =>
  reportPage({
    ...{ subject: { model: 'leaf', run: null, at: new Date(0) }, evaluation, blessing: null },
    ...{ pictures: new Map(), probe: null, refusal: null },
  });

describe('the operating point', () => {
  const evaluation = evaluated({ thresholdRule: costs });
  const point = evaluation.operatingPoint!;

  it('has what the threshold gives and costs on the test photos, with intervals', () => {
    expect(point.confusion).toEqual([
      [80, 20],
      [15, 85],
    ]);
    const about = (value: number) => expect.objectContaining({ value: expect.closeTo(value, 12) });
    expect(point).toMatchObject({ sensitivity: about(0.85), specificity: about(0.8), cost: about(170 / 200) });
    for (const { value, low, high } of [point.sensitivity, point.specificity, point.cost]) {
      expect(low!).toBeLessThan(value!);
      expect(high!).toBeGreaterThan(value!);
    }
    expect(page(evaluation)).toContain('a missed positive costs 10, a false alarm 1');
  });

  it('has the same within each slice: the old camera misses every spot', () => {
    const of = (value: string) => point.slices.find((slice) => slice.value === value)!;
    expect(of('old')).toMatchObject({ examples: 35, sensitivity: { value: 0 }, specificity: { value: 0 } });
    expect(of('old').cost.value).toBeCloseTo(170 / 35, 12);
    // no wrong answer of 125 is no proof that there will be none
    expect(of('new').cost).toMatchObject({ value: 0, low: 0 });
    expect(of('new').cost.high!).toBeGreaterThan(0.1);
    expect(of('rust')).toMatchObject({ sensitivity: { value: 1 }, specificity: { value: null } });
  });

  it('may have thresholds', () => {
    const { passed, failed } = {
      passed: blessed(evaluation, { sensitivity: { min: 0.85 }, cost: { max: 0.86 } }),
      failed: blessed(evaluation, { sensitivity: { minLower: 0.84 }, specificity: { change: 0 } }),
    };
    expect(passed).toMatchObject({ blessed: true, unchecked: [] });
    expect(failed).toMatchObject({ blessed: false, unchecked: ['change of specificity: there is no baseline'] });
    const better = evaluated({ thresholdRule: costs }, [0.8, 0.1, 0.1]);
    expect(blessed(better, { sensitivity: { change: 0.8, changeWorst: 0.7 } })).toMatchObject({
      blessed: true,
      unchecked: [],
    });
    expect(blessed(better, { sensitivity: { change: 0.9 } })).toMatchObject({ blessed: false, unchecked: [] });
    expect(blessed(evaluated({}), { cost: { max: 1 } })).toMatchObject({ blessed: false });
    expect(evaluatorSpec.parameters.safeParse({ thresholds: { sensitivty: { min: 1 } } }).success).toBe(false);
  });
});

describe('label sets', () => {
  it('are measured on the test photos: whether they keep the promise, and their size', () => {
    const sets = evaluated({ labelSets: { coverage: 0.9, leastProbability: 0.3 } });
    // 100 healthy, 40 rust and 45 spot are in their sets; 65 sets have two labels
    expect(sets.labelSets).toMatchObject({ promised: 0.9, coverage: { value: 0.925 }, empty: { value: 0 } });
    expect(sets.labelSets!.size.value).toBeCloseTo(1 + 65 / 200, 12);
    expect(sets.labelSets!.slices.find(({ value }) => value === 'spot')!.coverage.value).toBe(0.75);
    expect(blessed(sets, { labelSetCoverage: { min: 0.9 }, labelSetSize: { max: 1.5 } }).blessed).toBe(true);
    expect(page(sets)).toContain('contains the promise');
    const kept = evaluated({ labelSets: { coverage: 0.99, leastProbability: 0.3 } });
    expect(page(kept)).toContain('the promise does not hold on these photos');
    expect(evaluated({})).not.toHaveProperty('labelSets');
  });
});
