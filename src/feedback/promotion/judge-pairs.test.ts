import { describe, expect, it } from 'vitest';
import type { AnswerPair } from '../../store/promotion-store.ts';
import { judgeReplay, judgeShadow } from './judge-pairs.ts';

const limits = { maxDisagreement: 0.1, alpha: 0.05, overrule: true };
const nothing = { bothRight: 0, bothWrong: 0, candidateOnly: 0, championOnly: 0 };
const pairs = Array.from({ length: 48 }, (_, i) => {
  return { id: `${i}`, status: 200, champion: 'unwell', candidate: i < 19 ? 'healthy' : 'unwell' } as AnswerPair;
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

describe('a replay', () => {
  it('passes beyond the limit when labels show that the candidate is better: 9 of 9 that tell', () => {
    const replay = { photos: 100, disagreed: 40, failed: 0, labelled: { ...nothing, candidateOnly: 9 } };
    expect(verdicts(judgeReplay(replay, limits))).toMatchObject({ disagreement: 'pass', 'measured accuracy': 'pass' });
    const few = { ...replay, labelled: { ...nothing, candidateOnly: 3 } };
    expect(verdicts(judgeReplay(few, limits))).toMatchObject({ disagreement: 'fail' });
  });
});
