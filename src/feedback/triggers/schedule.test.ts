import { describe, expect, it } from 'vitest';
import { dueMoment, type HandledMoment, handledMoment, momentsUntil, nextMoment, scheduleProblem } from './schedule.ts';

const berlin = (cron: string) => ({ cron, timeZone: 'Europe/Berlin' });
const utc = (cron: string) => ({ cron, timeZone: 'UTC' });
const at = (text: string) => new Date(`${text}Z`);
const made = at('2026-01-01T00:00');

/** Asks every ten minutes from `from` to `to`, and keeps what was answered, as the tick does. */
function walk(schedule: ReturnType<typeof utc>, from: Date, to: Date, handled: HandledMoment[] = []): string[] {
  const fired: string[] = [];
  for (let now = from.getTime(); now <= to.getTime(); now += 600_000) {
    const due = dueMoment(schedule, from, handled, new Date(now));
    if (due === null) continue;
    fired.push(due.key.slice('schedule:'.length));
    handled.push(handledMoment(due.key, due.evidence, new Date(now))!);
  }
  return fired;
}

describe('a schedule', () => {
  it('fires once when the clock leaps over its moment, and once when it comes twice', () => {
    // 2026-03-29 02:00 -> 03:00, 2026-10-25 03:00 -> 02:00 in Berlin
    expect(walk(berlin('30 2 * * *'), at('2026-03-28T00:00'), at('2026-03-30T12:00'))).toEqual([
      '2026-03-28T01:30:00.000Z',
      '2026-03-29T01:00:00.000Z',
      '2026-03-30T00:30:00.000Z',
    ]);
    expect(walk(berlin('30 2 * * *'), at('2026-10-24T00:00'), at('2026-10-26T12:00'))).toEqual([
      '2026-10-24T00:30:00.000Z',
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
    ]);
  });

  it('keeps its hour of the day in its time zone, the whole year', () => {
    const fired = momentsUntil(berlin('0 3 * * *'), at('2025-12-31T12:00'), at('2026-12-31T12:00'));
    const hour = new Intl.DateTimeFormat('en', { timeZone: 'Europe/Berlin', hour: 'numeric', hourCycle: 'h23' });
    expect(fired).toHaveLength(365);
    expect(new Set(fired.map((moment) => hour.format(moment)))).toEqual(new Set(['03']));
  });

  it('has all 25 hours of the long day, and all 23 of the short one', () => {
    const hours = (day: string, next: string) => momentsUntil(berlin('0 * * * *'), at(day), at(next)).length;
    expect(hours('2026-10-24T22:00', '2026-10-25T23:00')).toBe(25);
    expect(hours('2026-03-28T23:00', '2026-03-29T22:00')).toBe(23);
  });

  it('is due at its moment, not a millisecond before', () => {
    const due = (now: string) => dueMoment(utc('0 12 * * *'), made, [], at(now))?.key;
    expect(due('2026-03-01T12:00:00.000')).toBe('schedule:2026-03-01T12:00:00.000Z');
    expect(due('2026-03-01T11:59:59.999')).toBe('schedule:2026-02-28T12:00:00.000Z');
  });

  it('is not due for moments before it was made', () => {
    expect(dueMoment(utc('0 12 * * *'), at('2026-03-01T13:00'), [], at('2026-03-02T11:59'))).toBeNull();
    expect(dueMoment(utc('0 12 * * *'), at('2026-03-01T12:00'), [], at('2026-03-02T11:59'))).toBeNull();
  });

  it('fires once for all that was missed while nobody was there, and says so', () => {
    const handled = [{ moment: at('2026-03-01T12:00'), from: at('2026-03-01T12:00'), at: at('2026-03-01T12:00') }];
    const due = dueMoment(utc('0 12 * * *'), made, handled, at('2026-03-05T15:00'))!;
    expect(due).toMatchObject({
      key: 'schedule:2026-03-05T12:00:00.000Z',
      evidence: { missed: 3, from: '2026-03-02T12:00:00.000Z' },
      otherwise: 'skipped',
    });
    expect(due.why).toContain('after 3 missed');
    handled.push(handledMoment(due.key, due.evidence, at('2026-03-05T15:00'))!);
    expect(dueMoment(utc('0 12 * * *'), made, handled, at('2026-03-05T15:01'))).toBeNull();
  });

  it('fires no moment again, nor one that a later one answered for, when the clock is set back by hours', () => {
    const hourly = utc('0 * * * *');
    const handled: HandledMoment[] = [];
    walk(hourly, at('2026-03-01T00:30'), at('2026-03-01T02:30'), handled);
    const late = dueMoment(hourly, made, handled, at('2026-03-01T08:10'))!;
    handled.push(handledMoment(late.key, late.evidence, at('2026-03-01T08:10'))!);
    for (let hour = 1; hour <= 8; hour++)
      expect(dueMoment(hourly, at('2026-03-01T00:30'), handled, at(`2026-03-01T0${hour}:40`))).toBeNull();
    expect(dueMoment(hourly, made, handled, at('2026-03-01T09:00'))!.key).toBe('schedule:2026-03-01T09:00:00.000Z');
  });

  it('loses no day when the clock was ahead by ten days and is right again', () => {
    const daily = utc('0 12 * * *');
    const handled: HandledMoment[] = [];
    walk(daily, at('2026-03-01T00:00'), at('2026-03-01T13:00'), handled);
    const wrong = dueMoment(daily, at('2026-03-01T00:00'), handled, at('2026-03-11T13:00'))!;
    handled.push(handledMoment(wrong.key, wrong.evidence, at('2026-03-11T13:00'))!);
    const after = walk(daily, at('2026-03-01T13:01'), at('2026-03-12T13:00'), handled);
    // the 11th fired already, when the clock said so
    const days = [2, 3, 4, 5, 6, 7, 8, 9, 10, 12].map((day) => `2026-03-${String(day).padStart(2, '0')}T12:00:00.000Z`);
    expect(after).toEqual(days);
  });

  it('loses no hour of that last day either', () => {
    const hourly = utc('0 * * * *');
    const handled: HandledMoment[] = [];
    walk(hourly, at('2026-03-01T00:30'), at('2026-03-01T03:30'), handled);
    const wrong = dueMoment(hourly, made, handled, at('2026-03-04T13:10'))!;
    handled.push(handledMoment(wrong.key, wrong.evidence, at('2026-03-04T13:10'))!);
    expect(walk(hourly, at('2026-03-01T03:31'), at('2026-03-04T13:50'), handled)).toHaveLength(3 * 24 + 9);
  });

  it('says what cannot be followed', () => {
    const now = at('2026-03-01T00:00');
    expect(scheduleProblem(berlin('0 3 * * 1-5'), now)).toBeNull();
    expect(scheduleProblem({ cron: '0 3 * * *', timeZone: 'Mars/Olympus' }, now)?.field).toBe('time zone');
    for (const cron of ['', '0 3 * *', '61 * * * *', '* * * * * *', 'a b c d e', '0 0 31 2 *', '2026-01-01T00:00:00'])
      expect(scheduleProblem(utc(cron), now)?.field, cron).toBe('cron');
    expect(nextMoment(berlin('0 3 * * *'), at('2026-03-29T00:00'))).toEqual(at('2026-03-29T01:00'));
  });
});
