import { InvalidArgumentError } from 'commander';

export function parseInstant(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime()))
    throw new InvalidArgumentError('Expected a date or time such as 2026-11-23 or 2026-11-23T14:00:00Z.');
  return date;
}
