import { describe, expect, it } from 'vitest';
import type { SessionSums } from '../../contracts/loop/behaviour.ts';
import { bootstrap } from './bootstrap.ts';
import { wilsonInterval } from './proportion.ts';
import { Random } from './random.ts';
import { meanSequence, sessionMean, sessionRatio, sessionShare } from './session-ratio.ts';

/** @param sessions [y, n] of each */
function sumsOf(sessions: readonly (readonly [number, number])[]): SessionSums {
  const sum = (of: (y: number, n: number) => number) => sessions.reduce((all, [y, n]) => all + of(y, n), 0);
  return {
    sessions: sessions.length,
    y: sum((y) => y),
    n: sum((_, n) => n),
    yy: sum((y) => y * y),
    yn: sum((y, n) => y * n),
    nn: sum((_, n) => n * n),
  };
}

/** Sessions of 1 to 5 photos, which are accepted alike. */
function drawn(random: Random, count: number): [number, number][] {
  return Array.from({ length: count }, () => {
    const n = 1 + random.int(5);
    const share = random.float() < 0.7 ? 0.95 : 0.3;
    let y = 0;
    for (let i = 0; i < n; i++) if (random.float() < share) y++;
    return [y, n];
  });
}
const meanShare = 0.7 * 0.95 + 0.3 * 0.3;

describe('a mean over sessions', () => {
  it('has the interval that a bootstrap of whole sessions converges to', () => {
    const sessions = drawn(new Random('bootstrap'), 300);
    const photos = sessions.flatMap(([y, n], session) =>
      Array.from({ length: n }, (_, i) => ({ session, hit: Number(i < y) })),
    );
    const { share } = bootstrap(
      photos.length,
      (weights) => {
        let [hits, all] = [0, 0];
        for (const [i, { hit }] of photos.entries()) {
          const weight = weights?.[i] ?? 1;
          hits += weight * hit;
          all += weight;
        }
        return { share: hits / all };
      },
      { seed: 1, resamples: 4_000, groups: photos.map(({ session }) => session) },
    );
    const found = sessionMean(sumsOf(sessions));
    expect(found.value).toBeCloseTo(share.value, 12);
    expect(found.low).toBeCloseTo(share.low, 2);
    expect(found.high).toBeCloseTo(share.high, 2);
    const wilson = sessionShare(sumsOf(sessions));
    expect(wilson.high - wilson.low).toBeGreaterThan(0.9 * (share.high - share.low));
    // photos taken for independent ones promised more than they knew
    const plain = wilsonInterval(sumsOf(sessions).y, photos.length);
    expect(plain.high - plain.low).toBeLessThan(0.8 * (share.high - share.low));
  });

  it.each([12, 40, 200])('of %i sessions holds its share in about 95 of 100 draws', (count) => {
    const random = new Random(`coverage ${count}`);
    let held = 0;
    for (let draw = 0; draw < 1_000; draw++) {
      const { low, high } = sessionShare(sumsOf(drawn(random, count)));
      if (low <= meanShare && meanShare <= high) held++;
    }
    expect(held).toBeGreaterThan(925);
    expect(held).toBeLessThan(990);
  });

  it('is right at the edges: 27 of 27 is not certain, and of one session less so', () => {
    const alone = sessionShare(sumsOf(Array.from({ length: 27 }, () => [1, 1] as const)));
    expect(alone).toMatchObject({ value: 1, high: 1, low: expect.closeTo(wilsonInterval(27, 27).low, 12) });
    expect(sessionShare(sumsOf([[27, 27]])).low).toBeLessThan(0.3);
    expect(sessionShare(sumsOf([]))).toMatchObject({ low: 0, high: 1 });
    expect(sessionMean(sumsOf([[5, 2]]))).toEqual({ value: 2.5, low: null, high: null });
    expect(
      sessionMean(
        sumsOf([
          [0, 2],
          [0, 3],
        ]),
      ),
    ).toEqual({ value: 0, low: 0, high: 0 });
  });
});

it('a sequence of a mean leaves the true mean in about alpha of all series, however often one looks', () => {
  const random = new Random('sequence');
  const series = 400;
  let [left, plain] = [0, 0];
  for (let i = 0; i < series; i++) {
    const sums = sumsOf([]);
    let [isOut, isPlainOut] = [false, false];
    for (let sessions = 1; sessions <= 1_500; sessions++) {
      // one in five buys, for 10 on average
      const y = random.float() < 0.2 ? 20 * random.float() : 0;
      for (const key of ['sessions', 'n', 'nn'] as const) sums[key]++;
      sums.y += y;
      sums.yy += y * y;
      sums.yn += y;
      if (sessions < 100 || sessions % 25 > 0) continue;
      const { value, variance } = sessionRatio(sums);
      isOut ||= Math.abs(value - 2) > meanSequence(sessions, variance * sessions, 0.05);
      isPlainOut ||= Math.abs(value - 2) > 1.96 * Math.sqrt(variance);
    }
    left += Number(isOut);
    plain += Number(isPlainOut);
  }
  // 5 % are promised in the limit, of many sessions
  expect(left / series).toBeLessThan(0.08);
  expect(plain / series).toBeGreaterThan(0.2);
  expect(meanSequence(0, 1, 0.05)).toBe(Number.POSITIVE_INFINITY);
});
