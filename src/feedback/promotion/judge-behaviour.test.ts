import { describe, expect, it } from 'vitest';
import type { PhotoBehaviour, SessionSums } from '../../contracts/loop/behaviour.ts';
import type { AnswerPair, BehaviourPolicy, SessionCounts } from '../../contracts/loop/promotion.ts';
import { Random } from '../../math/stats/random.ts';
import { judgeCanaryBehaviour, judgeShadowBehaviour } from './judge-behaviour.ts';

const limits = { alpha: 0.05 / 6, isWhole: true, share: 0.5 };
const acceptance: BehaviourPolicy = { by: 'acceptance', maxDrop: 0.05, sessions: 50 };
const value: BehaviourPolicy = { by: 'value', currency: 'EUR', maxDrop: 0.1, sessions: 50 };
const none: SessionSums = { sessions: 0, y: 0, n: 0, yy: 0, yn: 0, nn: 0 };

/** Arms to which sessions are added one by one. */
class Arm implements SessionCounts {
  accepted = { ...none };
  unaccepted = new Array<number>(100).fill(0);
  value = { ...none };
  valued = 0;

  decide(isAccepted: boolean): void {
    this.unaccepted[isAccepted ? 0 : 99]!++;
    add(this.accepted, Number(isAccepted));
  }

  sell(worth: number): void {
    add(this.value, worth);
    if (worth !== 0) this.valued++;
  }
}

function add(sums: SessionSums, y: number): void {
  sums.sessions++;
  sums.n++;
  sums.nn++;
  sums.y += y;
  sums.yy += y * y;
  sums.yn += y;
}

/** Looked at after every tenth session, as a worker does. @returns the first verdict that ends it */
function watch(
  policy: BehaviourPolicy,
  seed: string,
  sessions: number,
  of: (isCanary: boolean, random: Random) => number,
) {
  const random = new Random(seed);
  const arms = { champion: new Arm(), candidate: new Arm() };
  for (let i = 1; i <= sessions; i++) {
    const isCanary = random.float() < limits.share;
    const arm = isCanary ? arms.candidate : arms.champion;
    const outcome = of(isCanary, random);
    if (policy.by === 'value') arm.sell(outcome);
    else arm.decide(outcome > 0);
    if (i % 10 > 0) continue;
    const [check] = judgeCanaryBehaviour({ behaviour: arms }, policy, { ...limits, isWhole: i === sessions });
    if (check!.verdict !== 'wait') return check!;
  }
  return null;
}

describe('a canary that is judged by what users do', () => {
  it('is turned back when its answers are accepted less, and rarely when they are accepted as often', () => {
    const accepts = (canary: number) => (isCanary: boolean, random: Random) =>
      Number(random.float() < (isCanary ? canary : 0.8));
    const verdicts = (canary: number) =>
      Array.from({ length: 100 }, (_, i) => watch(acceptance, `acceptance ${i}`, 600, accepts(canary))?.verdict);
    expect(verdicts(0.5).filter((each) => each === 'fail').length).toBeGreaterThan(90);
    expect(verdicts(0.8).filter((each) => each === 'fail').length).toBeLessThan(3);
    // within what the policy allows
    expect(verdicts(0.76).filter((each) => each === 'fail').length).toBeLessThan(3);
  });

  it('is turned back when its requests bring less, and rarely when they bring as much', () => {
    const sells = (canary: number) => (isCanary: boolean, random: Random) =>
      random.float() < (isCanary ? canary : 0.4) ? 5 + 10 * random.float() : 0;
    const verdicts = (canary: number) =>
      Array.from({ length: 100 }, (_, i) => watch(value, `value ${i}`, 1_000, sells(canary))?.verdict);
    expect(verdicts(0.1).filter((each) => each === 'fail').length).toBeGreaterThan(95);
    expect(verdicts(0.4).filter((each) => each === 'fail').length).toBeLessThan(3);
  });

  it('waits for sessions: a canary of which nobody said anything passed', () => {
    const arms = { champion: new Arm(), candidate: new Arm() };
    const judge = (policy: BehaviourPolicy) => judgeCanaryBehaviour({ behaviour: arms }, policy, limits)[0]!.verdict;
    expect([judge(acceptance), judge(value)]).toEqual(['wait', 'wait']);
    for (let i = 0; i < 60; i++) arms.champion.decide(true);
    expect(judge(acceptance)).toBe('wait');
    for (let i = 0; i < 50; i++) arms.candidate.decide(true);
    expect(judge(acceptance)).toBe('pass');
    expect(judgeCanaryBehaviour({ behaviour: null }, null, limits)).toEqual([]);
  });

  it('says both rates with their intervals', () => {
    const arms = { champion: new Arm(), candidate: new Arm() };
    for (let i = 0; i < 100; i++) arms.champion.decide(i % 5 > 0);
    for (let i = 0; i < 60; i++) arms.candidate.decide(i % 4 > 0);
    const [check] = judgeCanaryBehaviour({ behaviour: arms }, acceptance, limits);
    expect(check!.said).toMatch(
      /^candidate 75 % \(62\.8 % to 84\.2 %\) in 60 sessions, champion 80 % \(71\.1 % to 86\.7 %\)/,
    );
    expect(check!.numbers).toMatchObject({ candidate: 0.75, championSessions: 100, tolerance: 0.05 });
  });
});

describe('a shadow that is judged by what users did with the answers of the champion', () => {
  const pair = (id: string, candidate: string): AnswerPair => ({
    ...{ id, champion: 'unwell', candidate, status: 200, championSure: 0.9, candidateSure: 0.9 },
  });
  const said = (session: string, decision: PhotoBehaviour['decision']): PhotoBehaviour => ({
    ...{ session, decision, seen: true, decisionMs: null, values: [], outcome: null },
  });
  const judge = (
    accepted: number,
    differs: (i: number) => boolean,
    sessionOf = (i: number) => `${i}`,
    isLast = true,
  ) => {
    const pairs = Array.from({ length: 100 }, (_, i) => pair(`${i}`, differs(i) ? 'healthy' : 'unwell'));
    const behaviour = new Map(pairs.map(({ id }, i) => [id, said(sessionOf(i), i < accepted ? 'accept' : 'override')]));
    return judgeShadowBehaviour({ behaviour }, pairs, acceptance, { ...limits, isLast })[0]!;
  };

  it('fails when the candidate differs from what users accepted, and passes when it differs from what they did not', () => {
    expect(judge(80, (i) => i < 60)).toMatchObject({ verdict: 'fail', numbers: { lost: 60, won: 0 } });
    expect(judge(80, (i) => i >= 80)).toMatchObject({ verdict: 'pass', numbers: { lost: 0, won: 20 } });
    // sixty photos of two users are two observations
    expect(
      judge(
        80,
        (i) => i < 60,
        (i) => `${Math.floor(i / 30)}`,
      ),
    ).toMatchObject({ verdict: 'wait', numbers: { sessions: 4 } });
  });

  it('waits for sessions only where no canary follows, and leaves value to the canary', () => {
    const few = (i: number) => `${i % 10}`;
    expect(judge(100, () => false, few).verdict).toBe('wait');
    expect(judge(100, () => false, few, false).verdict).toBe('pass');
    expect(judgeShadowBehaviour({ behaviour: new Map() }, [], value, { ...limits, isLast: false })).toEqual([]);
  });
});
