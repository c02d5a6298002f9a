import { describe, expect, it } from 'vitest';
import { observations } from '../../../tests/support/observation.ts';
import { runMonitorKind } from '../../../tests/support/run-monitor.ts';
import type { PhotoBehaviour } from '../../contracts/loop/behaviour.ts';
import type { MonitorKind, Observation } from '../../contracts/loop/monitor.ts';
import { Random } from '../../math/stats/random.ts';

const base: PhotoBehaviour = {
  ...{ session: '', seen: true, decision: 'accept', decisionMs: 4_000, values: [], outcome: 'helped' },
};
let next = 0;
/** Sessions of one photo each, unless named. */
const photos = (count: number, said: (i: number) => Partial<PhotoBehaviour>): Observation[] =>
  observations(count, (i) => ({ behaviour: { ...base, session: `s${++next}`, ...said(i) } }));
const sale = (value: number, currency: string | null = 'EUR', afterMs = 60_000) => ({
  values: [{ currency, value, afterMs }],
});

describe.each([
  ['acceptance', 'decision', 'accept', 'abandon', -1],
  ['abandonment', 'decision', 'abandon', 'accept', 1],
  ['outcome', 'outcome', 'helped', 'worse', -1],
] as [MonitorKind, keyof PhotoBehaviour, string, string, number][])('%s', (kind, field, hit, miss, sign) => {
  const some = (count: number, share: number) => photos(count, (i) => ({ [field]: i < share * count ? hit : miss }));

  it('breaches when the share moves for the worse, and never when it moves for the better', () => {
    const reference = some(300, 0.5);
    const worse = runMonitorKind(kind, reference, some(200, 0.5 + 0.25 * sign));
    expect(worse).toMatchObject({ state: 'breach', statistic: 0.5 + 0.25 * sign });
    expect(worse.movers.length).toBeGreaterThan(0);
    expect(runMonitorKind(kind, reference, some(200, 0.5 - 0.25 * sign)).state).toBe('ok');
    expect(runMonitorKind(kind, reference, some(200, 0.5)).state).toBe('ok');
  });
});

it('sessions are permuted, not photos: four users who gave up are no alarm, though they took forty photos', () => {
  const random = new Random('sessions');
  const crowd = (sessions: number, size: number, given: (session: number) => PhotoBehaviour['decision']) =>
    Array.from({ length: sessions }, (_, s) => s).flatMap((s) => {
      const session = `user ${++next}`;
      return photos(size, () => ({ decision: given(s), session }));
    });
  // each user decides alike: one in five gives up on every photo
  const reference = crowd(40, 10, (s) => (s % 5 === 0 ? 'abandon' : 'accept'));
  const window = crowd(10, 10, (s) => (s < 4 ? 'abandon' : 'accept'));
  const found = runMonitorKind('abandonment', reference, window);
  expect(found).toMatchObject({ state: 'ok', statistic: 0.4, details: { windowSessions: 10, referenceSessions: 40 } });
  expect(found.p).toBeGreaterThan(0.05);
  // as single photos the same numbers would be far beyond chance
  const single = (share: number, count: number) =>
    photos(count, () => ({ decision: random.float() < share ? 'abandon' : 'accept' }));
  expect(runMonitorKind('abandonment', single(0.2, 400), single(0.4, 100)).state).toBe('breach');
  // four in five users is a change of users, too
  expect(
    runMonitorKind(
      'abandonment',
      reference,
      crowd(20, 5, (s) => (s % 5 ? 'abandon' : 'accept')),
    ).state,
  ).toBe('breach');
});

it('time to decision: twice as slow is a breach, and one user who went for lunch is none', () => {
  const random = new Random('time');
  const timed = (seconds: number) =>
    photos(150, () => ({ decisionMs: 1_000 * seconds * Math.exp(0.6 * random.normal()) }));
  const reference = timed(4);
  const slow = runMonitorKind('time-to-decision', reference, timed(8));
  expect(slow.state).toBe('breach');
  expect(slow.interval!.low).toBeLessThan(8);
  expect(slow.interval!.high).toBeGreaterThan(8);
  const lunch = [...timed(4).slice(1), ...photos(1, () => ({ decisionMs: 3_600_000 }))];
  expect(runMonitorKind('time-to-decision', reference, lunch).state).toBe('ok');
});

describe('value per request', () => {
  const parameters = { currency: 'EUR' };
  const shop = (count: number, share: number, more: Partial<PhotoBehaviour> = {}) =>
    photos(count, (i) => ({ ...(i < share * count && sale(10)), ...more }));

  it('breaches when requests bring less, in the currency that it names', () => {
    const reference = [...shop(300, 0.3), ...observations(100)];
    const found = runMonitorKind('value-per-request', reference, [...shop(225, 0.1), ...observations(75)], {
      parameters,
    });
    expect(found).toMatchObject({ state: 'breach', statistic: expect.closeTo(230 / 300, 6) });
    expect(
      runMonitorKind('value-per-request', reference, [...shop(225, 0.3), ...observations(75)], { parameters }).state,
    ).toBe('ok');
  });

  it('adds no other currency, and says what it left out', () => {
    const reference = shop(300, 0.3);
    const dollars = photos(300, (i) => (i < 90 ? sale(10, 'USD') : {}));
    const found = runMonitorKind('value-per-request', reference, dollars, { parameters });
    expect(found).toMatchObject({ state: 'breach', statistic: 0, details: { otherCurrencies: { USD: 90 } } });
    expect(found.said).toContain('90 values in USD do not count');
    const none = photos(300, (i) => (i < 90 ? sale(10, null) : {}));
    expect(runMonitorKind('value-per-request', none, none, { parameters: { currency: 'none' } }).statistic).toBe(3);
  });

  it('counts what came in time, so that old photos compare with new ones', () => {
    const late = photos(300, (i) => (i < 90 ? sale(10, 'EUR', 30 * 86_400_000) : {}));
    expect(runMonitorKind('value-per-request', late, shop(300, 0), { parameters }).state).toBe('ok');
  });
});
