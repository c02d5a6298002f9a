import { z } from 'zod';
import { instantExamples, readInstant } from '../codecs/instant.ts';

/** An instant: a Date in the store, ISO 8601 in UTC on the wire. */
export const instantSchema = z
  .date()
  .transform((at) => at.toISOString())
  .pipe(z.iso.datetime());

/** An instant in a request: a date, or a time that is UTC unless it has a zone. Becomes ISO 8601 in UTC. */
export const givenInstantSchema = z
  .string()
  .refine((text) => readInstant(text) !== null, `must be a time that exists, such as ${instantExamples}`)
  .overwrite((text) => readInstant(text)?.toISOString() ?? text)
  .meta({ format: 'date-time' });
