import { InvalidArgumentError } from 'commander';

/** A whole number from 1, of a flag. */
export function positive(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) throw new InvalidArgumentError('Expected a whole number from 1.');
  return number;
}
