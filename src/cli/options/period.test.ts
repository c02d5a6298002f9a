import { Command } from 'commander';
import { expect, it } from 'vitest';
import { inPeriod, type PeriodFlags, withPeriod } from './period.ts';

const now = new Date('2026-11-23T12:00:00Z');

function period(...flags: string[]) {
  const command = withPeriod(new Command('list'), 'requests')
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  return inPeriod(command.parse(flags, { from: 'user' }).opts<PeriodFlags>(), now);
}

it('is given by its ends, or by its length until now', () => {
  const from = new Date('2026-11-22T12:00:00Z');
  expect(period('--last', '1d')).toEqual({ from });
  expect(period('--last', '24h')).toEqual({ from });
  expect(period('--from', '2026-11-22T12:00', '--to', '2026-11-23')).toEqual({ from, to: new Date('2026-11-23') });
  expect(period()).toEqual({});
});

it.each([
  [['--last', '1 week'], /duration such as/],
  [['--last', '1d', '--from', '2026-11-22'], /cannot be used with option '--from/],
  [['--from', '7d'], /date or time that exists/],
])('is refused: %j', (flags, message) => {
  expect(() => period(...flags)).toThrow(message);
});
