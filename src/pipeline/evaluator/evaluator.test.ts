import { describe, expect, it } from 'vitest';
import { artifactAt } from '../../../tests/support/run-component.ts';
import type { Properties } from '../../contracts/artifact.ts';
import type { Evaluation } from '../../contracts/artifacts/evaluation.ts';
import { evaluationSchema } from '../../contracts/artifacts/evaluation.ts';
import type { Example } from '../../contracts/artifacts/example.ts';
import type { Signature } from '../../contracts/artifacts/signature.ts';
import { Random } from '../../math/stats/random.ts';
import type { Answers } from './answers.ts';
import { bless } from './bless.ts';
import { evaluate } from './evaluate.ts';
import { compare } from './measure.ts';
import { taskMetrics } from './metric-sets.ts';
import { reportPage } from './report/report.ts';
import { subjectOf } from './report/title.ts';
import { smallSplit } from './small-split.ts';
import { evaluatorSpec } from './spec.ts';

const labels = ['a_healthy', 'a_spot', 'b_rust'];
const task = {
  kind: 'question',
  positive: 'unwell',
  negative: 'healthy',
  negativePattern: { source: 'healthy', flags: 'i' },
} as const;

const signature = { labels, task, threshold: 0.5 } as unknown as Signature;
const hostile = '<img src=x onerror=alert(1)>.jpg';

/** N predictions, correct with probability `skill`, in groups of two. */
function answered(count: number, skill: number, seed: number): { examples: Example[]; answers: Answers } {
  const random = new Random(seed);
  const truths = Int32Array.from({ length: count }, () => random.int(3));
  const probabilities = new Float64Array(count * 3).fill(0.1);
  for (let i = 0; i < count; i++) probabilities[i * 3 + (random.float() < skill ? truths[i]! : random.int(3))] = 0.8;
  const examples = Array.from(truths, (truth, i) => ({
    sha256: i.toString(16).padStart(64, '0'),
    label: labels[truth],
    filename: i % 2 ? hostile : `photo-${i}.jpg`,
    group: `g${i >> 1}`,
    attributes: { camera: i % 3 ? 'phone' : 'dslr' },
  })) as unknown as Example[];
  return { examples, answers: { probabilities, truths, labels, task, threshold: 0.5 } };
}

function evaluated(skill: number, baselineSkill?: number, count = 240): Evaluation {
  const { examples, answers } = answered(count, skill, 1);
  const baseline = baselineSkill === undefined ? null : answered(count, baselineSkill, 1).answers;
  const measured = evaluate({
    examples,
    groupBy: 'near-duplicate',
    signature,
    answers,
    baselineAnswers: baseline,
    modelDigest: 'a'.repeat(64),
    baselineDigest: baseline && 'b'.repeat(64),
    sliceBy: ['camera'],
    pictures: 5,
    resamples: 200,
    seed: 1,
  });
  return { ...measured, suspiciousLabels: null, golden: [] };
}

const subject = { model: 'leaf', run: null, at: new Date(0) };
const parameters = (given: object) => evaluatorSpec.parameters.parse(given);

describe('evaluate', () => {
  const evaluation = evaluated(0.9);

  it('matches its schema', () => {
    expect(evaluationSchema.parse(JSON.parse(JSON.stringify(evaluation)))).toEqual(evaluation);
  });

  it('puts each value inside its interval', () => {
    for (const { value, low, high } of Object.values(evaluation.metrics)) {
      expect(low).toBeLessThanOrEqual(value as number);
      expect(high).toBeGreaterThanOrEqual(value as number);
    }
  });

  it('does not claim certainty for 27 right answers of 27 (accuracy 1.0000, 1.0000 to 1.0000)', () => {
    const few = evaluated(1, undefined, 27);
    // Wilson's of 14 of 14: photos are in groups of two
    expect(few.metrics.accuracy).toEqual({ value: 1, low: expect.closeTo(0.7847, 4), high: 1 });
    for (const name of ['auc', 'precision', 'recall', 'f1'] as const) expect(few.metrics[name].low).toBeLessThan(0.85);
    expect(smallSplit(few)).toBe('27 photos, accuracy 1.0000, 95 % interval 0.7847 to 1.0000');
    expect(smallSplit(evaluation)).toBeNull();
  });

  it('measures question and head separately, and counts every photo once', () => {
    expect(evaluation.headMetrics?.accuracy.value).toBeLessThanOrEqual(evaluation.metrics.accuracy.value as number);
    expect(evaluation.confusion.flat().reduce((sum, count) => sum + count, 0)).toBe(240);
    const cameras = evaluation.slices.filter(({ by }) => by === 'camera');
    expect(cameras.map(({ value, examples }) => [value, examples])).toEqual([
      ['dslr', 80],
      ['phone', 160],
    ]);
  });

  it('lists mistakes by confidence', () => {
    expect(evaluation.mistakes.length).toBeGreaterThan(0);
    const sure = evaluation.mistakes.map(({ probability }) => probability);
    expect(sure).toEqual([...sure].sort((a, b) => b - a));
  });

  it('pairs the difference: equal predictions differ by exactly 0', () => {
    const same = evaluated(0.9, 0.9);
    expect(same.baseline?.difference.accuracy).toEqual({ value: 0, low: 0, high: 0 });
  });

  it('of other predictions that are right on the same photos is not known to be exactly 0', () => {
    const { answers } = answered(240, 0.9, 1);
    const surer = { ...answers, probabilities: answers.probabilities.map((p) => (p > 0.5 ? 0.9 : 0.05)) };
    const options = { seed: 1, resamples: 200, groups: Uint32Array.from({ length: 240 }, (_, i) => i) };
    const { accuracy } = compare(taskMetrics(surer), taskMetrics(answers), options).difference;
    expect([accuracy.value, accuracy.low! < 0, accuracy.high! > 0]).toEqual([0, true, true]);
  });

  it('gives a worse model a difference whose whole interval is below zero', () => {
    const worse = evaluated(0.5, 0.99);
    expect(worse.baseline?.difference.accuracy.high).toBeLessThan(0);
  });
});

describe('bless', () => {
  const row = (examples: number, value: string) => ({ by: 'label', value, examples, metrics: evaluated(0.9).metrics });

  it('nothing of which nothing could be checked, and lists what was not ("all 0 checks passed" blessed)', () => {
    const evaluation = { ...evaluated(0.9), slices: [row(7, 'rust'), row(19, 'scab')] };
    const small = ['label=rust: 7 of at least 20 photos', 'label=scab: 19 of at least 20 photos'];
    expect(bless(evaluation, parameters({ sliceThresholds: { recall: { min: 0.1 } } }))).toEqual({
      blessed: false,
      message: `nothing could be checked. not checked: ${small.join('; ')}`,
      checks: [],
      unchecked: small,
    });
    const enough = { ...evaluation, slices: [...evaluation.slices, row(20, 'mildew')] };
    expect(bless(enough, parameters({ sliceThresholds: { auc: { min: 0.1 } } }))).toMatchObject({
      blessed: true,
      message: `all 1 checks passed. not checked: ${small.join('; ')}`,
    });
  });

  it('by the ends of intervals: few photos do not show what a threshold asks for', () => {
    const { metrics } = evaluated(0.9);
    const { value, low } = metrics.accuracy;
    const asked = (accuracy: object) => bless(evaluated(0.9), parameters({ thresholds: { accuracy } }))!;
    expect(low).toBeLessThan(value!);
    expect(asked({ min: value! }).blessed).toBe(true);
    expect(asked({ minLower: value! })).toMatchObject({
      blessed: false,
      checks: [{ name: `overall: lower end of accuracy at least ${value}`, value: low }],
    });
    expect(asked({ minLower: low! - 1e-9 }).blessed).toBe(true);
    const upper = bless(
      evaluated(0.9),
      parameters({ thresholds: { nll: { max: metrics.nll.value!, maxUpper: metrics.nll.value! } } }),
    );
    expect(upper!.checks.map(({ passed }) => passed)).toEqual([true, false]);
  });

  it('by the worse end of the change, whichever direction is better', () => {
    const evaluation = evaluated(0.9, 0.85);
    const { accuracy, nll } = evaluation.baseline!.difference;
    const blessing = bless(
      evaluation,
      parameters({
        thresholds: { accuracy: { change: -1, changeWorst: accuracy.low! }, nll: { changeWorst: nll.high! - 1e-9 } },
      }),
    )!;
    expect(blessing.checks.map(({ value, passed }) => [value, passed])).toEqual([
      [accuracy.value, true],
      [accuracy.low, true],
      [nll.high, false],
    ]);
  });

  it('a label by its own photos: one that is never answered has an accuracy of 0 (it had 0.9)', () => {
    const { slices, confusion, labels } = evaluated(0.9);
    for (const { by, value, metrics } of slices.filter(({ by }) => by === 'label')) {
      const row = confusion[labels.indexOf(value)]!;
      const right = row[labels.indexOf(value)]! / row.reduce((sum, count) => sum + count, 0);
      expect(metrics.accuracy.value, `${by}=${value}`).toBeCloseTo(right, 12);
      expect(metrics.recall.value).toBe(metrics.accuracy.value);
    }
  });

  it('writes no blessing without thresholds, like TFX', () => {
    expect(bless(evaluated(0.9), parameters({}))).toBeNull();
  });

  it('lists every check with value and threshold', () => {
    const blessing = bless(evaluated(0.9), parameters({ thresholds: { accuracy: { min: 0.5 }, nll: { max: 5 } } }));
    expect(blessing?.blessed).toBe(true);
    expect(blessing?.checks.map(({ name }) => name)).toEqual([
      'overall: accuracy at least 0.5',
      'overall: nll at most 5',
    ]);
  });

  it('fails on a value, and reports it', () => {
    const blessing = bless(evaluated(0.9), parameters({ thresholds: { auc: { min: 0.9999 } } }));
    expect(blessing).toMatchObject({
      blessed: false,
      checks: [{ code: 'EVALUATION_VALUE_THRESHOLD', threshold: 0.9999 }],
    });
  });

  it('checks a change only against a baseline', () => {
    const change = parameters({ thresholds: { accuracy: { change: -0.01 } } });
    expect(bless(evaluated(0.5), change)?.checks).toEqual([]);
    expect(bless(evaluated(0.5, 0.99), change)).toMatchObject({
      blessed: false,
      checks: [{ code: 'EVALUATION_CHANGE_THRESHOLD' }],
    });
  });

  it('checks slices against their own thresholds', () => {
    const blessing = bless(evaluated(0.9), parameters({ sliceThresholds: { auc: { min: 0.5 } } }));
    expect(blessing?.checks.map(({ name }) => name)).toContain('camera=phone: auc at least 0.5');
  });
});

describe('report', () => {
  it('escapes names of files and labels', () => {
    const evaluation = evaluated(0.7);
    const page = reportPage({ subject, evaluation, blessing: null, pictures: new Map(), probe: null, refusal: null });
    expect(page).toContain('&#60;img src=x');
    expect(page).not.toContain('<img src=x');
    expect(page).not.toMatch(/https?:\/\//);
  });

  const suspect = (filename: string, split: 'train' | 'test') => {
    const judged = { label: 'a_spot', suggested: 'b_rust', split, margin: -0.5, confidence: 0.71 };
    return { sha256: filename, filename, ...judged };
  };
  const doubting = (found: ReturnType<typeof suspect>[]) => {
    const evaluation = { ...evaluated(0.7), suspiciousLabels: { examined: 240, folds: 5, found } };
    return reportPage({ subject, evaluation, blessing: null, pictures: new Map(), probe: null, refusal: null });
  };

  it('lists every suspicious label, and warns of those in the test split', () => {
    const page = doubting([suspect('one.jpg', 'train'), suspect('two.jpg', 'test')]);
    expect(page).toContain('1 of 240 labels; if they are wrong, the accuracy is off by up to 0.4 points');
    expect(page).toContain('mitate data relabel');
    expect(page.indexOf('two.jpg')).toBeLessThan(page.indexOf('one.jpg'));
    expect(doubting([suspect('one.jpg', 'train')])).not.toContain('Suspicious labels in the test split');
  });

  it('folds a long list of suspicious labels, and drops none', () => {
    const names = Array.from({ length: 300 }, (_, i) => `photo-${i}.jpg`);
    const page = doubting(names.map((name) => suspect(name, 'train')));
    expect(page).toContain('<summary>All 300 suspicious labels</summary>');
    for (const name of names) expect(page).toContain(`<th>${name}</th>`);
  });

  it('says what the model refuses, of its own photos and of others, with intervals', () => {
    const evaluation = evaluated(0.7);
    const refusal = {
      above: 2.5,
      own: { photos: 200, warned: 8, refused: 1 },
      others: [{ what: 'drawn <text>', photos: 16, warned: 2, refused: 14 }],
    };
    const page = reportPage({ subject, evaluation, blessing: null, pictures: new Map(), probe: null, refusal });
    expect(page).toContain('refused from distance 2.50 on');
    expect(page).toMatch(
      /eval split<\/th><td class="n">200<\/td>.*0\.9550 .*0\.0400 .*0\.0050 <small>0\.0009 – 0\.0278/,
    );
    expect(page).toMatch(/drawn &#60;text&#62;<\/th>.*0\.0000 .*0\.1250 .*0\.8750 /);
  });

  it('is titled by model, version and date, or by the run that trains the model', () => {
    const evaluation = evaluated(0.7);
    const titled = (properties: Properties) => {
      const model = artifactAt('Model', '/m', properties);
      const of = subjectOf(model, { run: { id: 'run-7', pipeline: 'leaf' }, now: () => new Date('2026-11-30T09:00Z') });
      return reportPage({ subject: of, evaluation, blessing: null, pictures: new Map(), probe: null, refusal: null });
    };
    expect(titled({ model_name: 'leaf-health', version: 3 })).toContain(
      '<title>Evaluation of leaf-health@3, 2026-11-30</title>',
    );
    expect(titled({})).toContain('<h1>Evaluation of leaf, run run-7, 2026-11-30</h1>');
  });
});
