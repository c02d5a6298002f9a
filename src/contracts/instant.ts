import { z } from 'zod';

/** An instant: a Date in the store, ISO 8601 in UTC on the wire. */
export const instantSchema = z
  .date()
  .transform((at) => at.toISOString())
  .pipe(z.iso.datetime());
