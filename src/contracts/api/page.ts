import { z } from 'zod';

export const pageQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50).describe('At most so many'),
  cursor: z.string().max(200).optional().describe('nextCursor of the page before'),
});

/** Of lists that are also given as CSV, a page as a file. */
export const csvQuery = { format: z.enum(['json', 'csv']).default('json') };

/** A page of a list; `nextCursor` is null on the last one. */
export const pageSchema = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

export const okSchema = z.object({ ok: z.literal(true) });

/** Why something is changed, for its timeline. */
export const whySchema = z.string().max(500).default('over HTTP');
