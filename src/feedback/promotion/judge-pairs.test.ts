import { describe, expect, it } from 'vitest';
import type { AnswerPair } from '../../contracts/loop/promotion.ts';
import { Random } from '../../math/stats/random.ts';
import { judgeCanary } from './judge-canary.ts';
import { judgeReplay, judgeShadow } from './judge-pairs.ts';

const limits = { maxDisagreement: 0.1, alpha: 0.05, overrule: true };
const nothing = { bothRight: 0, bothWrong: 0, candidateOnly: 0, championOnly: 0 };
const pairs = Array.from({ length: 48 }, (_, i) => {
  return {
    id: `${i}`,
    status: 200,
    champion: 'unwell',
    candidate: i < 19 ? 'healthy' : 'unwell',
    championSure: 0.8,
    candidateSure: 0.8,
  } satisfies AnswerPair;
});
const verdicts = (checks: ReturnType<typeof judgeShadow>) =>
  Object.fromEntries(checks.map(({ name, verdict }) => [name, verdict]));

describe('a shadow that answers otherwise', () => {
  it('fails early without labels', () => {
    const shadow = { pairs, labelled: nothing, wasBetter: false };
    expect(verdicts(judgeShadow(shadow, 100, limits))).toMatchObject({ disagreement: 'fail' });
  });

  it('goes on when labels of the replay showed that it is better, until labels show that it is worse', () => {
    const shadow = { pairs, labelled: nothing, wasBetter: true };
    expect(verdicts(judgeShadow(shadow, 100, limits))).toMatchObject({ disagreement: 'pass' });
    expect(verdicts(judgeShadow(shadow, 100, { ...limits, overrule: false }))).toMatchObject({ disagreement: 'fail' });
    const worse = { ...shadow, labelled: { ...nothing, championOnly: 19 } };
    expect(verdicts(judgeShadow(worse, 100, limits))).toMatchObject({
      'measured accuracy': 'fail',
      disagreement: 'fail',
    });
  });
});

describe('a shadow that is less sure of its answers on the same photos', () => {
  const random = new Random('sure');
  /** Confidence lies evenly between this and 1, of either model for itself. */
  const draw = (candidate: number, count = 200) =>
    Array.from({ length: count }, (_, i) => {
      const [championSure, candidateSure] = [0.6, candidate].map((least) => least + (1 - least) * random.float());
      return {
        id: `${i}`,
        status: 200,
        champion: 'unwell',
        candidate: 'unwell',
        championSure,
        candidateSure,
      } as AnswerPair;
    });
  const judge = (drawn: AnswerPair[], change: object = {}) =>
    verdicts(judgeShadow({ pairs: drawn, labelled: nothing, wasBetter: false, ...change }, 200, limits));

  it('fails, unless labels show that it is better', () => {
    const unsure = draw(0.3);
    expect(judge(unsure)).toMatchObject({ 'estimated accuracy': 'fail' });
    expect(judge(unsure, { wasBetter: true })).toMatchObject({ 'estimated accuracy': 'pass' });
  });

  it('passes within five points, and without confidences', () => {
    expect(judge(draw(0.52))).toMatchObject({ 'estimated accuracy': 'pass' });
    const unknown = draw(0.3).map((pair) => ({ ...pair, candidateSure: null }));
    expect(judge(unknown)).toMatchObject({ 'estimated accuracy': 'no-data' });
  });
});

describe('without labels', () => {
  it.each([
    false,
    true,
  ])('accuracy is neither passed nor better ("0 of 0 ...: the candidate is better"), %s', (wasBetter) => {
    const judged = judgeShadow({ pairs, labelled: nothing, wasBetter }, 48, limits);
    const { verdict, said } = judged.find(({ id }) => id === 'measured-accuracy')!;
    expect(verdict).toBe('no-data');
    expect(said).toMatch(/^no photo is labelled/);
  });

  it('a canary passes no check of labels, and none of answers that nobody gave ("0 of 0 wrong: pass")', () => {
    const arm = { requests: 200, failed: 0, slow: 0, answered: 0, labels: {}, labelled: 0, wrong: 0, unsure: [] };
    const facts = { champion: arm, candidate: arm, share: 0.5, slowMs: 100, knownDisagreement: null, wasBetter: false };
    expect(verdicts(judgeCanary(facts, { wanted: 200, ...limits }))).toEqual({
      errors: 'pass',
      latency: 'pass',
      'measured accuracy': 'no-data',
      disagreement: 'no-data',
      'estimated accuracy': 'no-data',
    });
  });
});

describe('a replay', () => {
  it('passes beyond the limit when labels show that the candidate is better: 9 of 9 that tell', () => {
    const replay = { photos: 100, disagreed: 40, failed: 0, labelled: { ...nothing, candidateOnly: 9 } };
    expect(verdicts(judgeReplay(replay, limits))).toMatchObject({ disagreement: 'pass', 'measured accuracy': 'pass' });
    const few = { ...replay, labelled: { ...nothing, candidateOnly: 3 } };
    expect(verdicts(judgeReplay(few, limits))).toMatchObject({ disagreement: 'fail' });
  });
});
