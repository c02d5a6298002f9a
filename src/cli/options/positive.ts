import { InvalidArgumentError } from 'commander';

/** Parses a whole number from 1. */
export function positive(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) throw new InvalidArgumentError('Expected a whole number from 1.');
  return number;
}
