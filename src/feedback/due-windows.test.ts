import { describe, expect, it } from 'vitest';
import { checksADay, dueWindows } from './due-windows.ts';

const at = (text: string) => new Date(`2026-${text}:00Z`);
const endsOf = (...asked: Parameters<typeof dueWindows>) => dueWindows(...asked).map(({ end }) => end);

describe('windows that are due', () => {
  it('each moment of the schedule ends one, once', () => {
    expect(dueWindows('0 0 * * *', 10, at('03-01T08:00'), at('03-02T00:00'))).toEqual([
      { start: at('02-20T00:00'), end: at('03-02T00:00') },
    ]);
    expect(endsOf('0 0 * * *', 1, at('03-02T00:00'), at('03-02T23:59'))).toEqual([]);
    expect(endsOf('0 */6 * * *', 0.25, at('03-01T08:00'), at('03-01T19:00'))).toEqual([
      at('03-01T12:00'),
      at('03-01T18:00'),
    ]);
  });

  it('those of a worker that was down come late, oldest first, the last seven', () => {
    const ends = endsOf('0 0 * * *', 1, at('01-01T00:00'), at('03-10T12:00'));
    expect(ends).toHaveLength(7);
    expect([ends[0], ends[6]]).toEqual([at('03-04T00:00'), at('03-10T00:00')]);
  });

  it('a clock that was set back repeats none', () => {
    expect(endsOf('0 0 * * *', 1, at('03-02T00:00'), at('03-01T12:00'))).toEqual([]);
  });

  it('are those of UTC, also where clocks change', () => {
    expect(endsOf('30 1 * * *', 1, at('03-28T12:00'), at('03-30T02:00'))).toEqual([
      at('03-29T01:30'),
      at('03-30T01:30'),
    ]);
  });

  it.each([
    ['0 0 * * *', 1],
    ['0 */6 * * *', 4],
    ['*/5 * * * *', 288],
    ['0 0 * * 1', 1],
    ['0 * * * 6,0', 24],
    ['*/15 8-17 1 * *', 40],
  ])('%s: %i checks a day', (schedule, count) => {
    expect(checksADay(schedule)).toBe(count);
  });

  it.each(['', '@daily', '* * * *', '0 0 * * * *', '61 * * * *', 'x 0 * * *'])('"%s" is no schedule', (schedule) => {
    expect(() => dueWindows(schedule, 1, at('01-01T00:00'), at('02-01T00:00'))).toThrow();
  });
});
