import { InvalidArgumentError } from 'commander';
import { instantExamples, readInstant } from '../../codecs/instant.ts';

/** Every date and time of the command line. UTC unless it has a zone. */
export function parseInstant(text: string): Date {
  const date = readInstant(text);
  if (date === null) throw new InvalidArgumentError(`Expected a date or time that exists, such as ${instantExamples}.`);
  return date;
}

/** The same; of a date alone its last moment. */
export function parseEnd(text: string): Date {
  const date = parseInstant(text);
  return /^\d{4}-\d\d-\d\d$/.test(text.trim()) ? new Date(date.getTime() + 86_400_000 - 1) : date;
}
