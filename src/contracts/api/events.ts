import { z } from 'zod';

/** What a hint is about; the console asks again what it shows of it. */
export const topics = [
  'runs',
  'data',
  'models',
  'endpoints',
  'requests',
  'feedback',
  'review',
  'monitors',
  'alerts',
  'triggers',
  'promotions',
  'releases',
  'access',
] as const;
export type Topic = (typeof topics)[number];

export const eventsQuerySchema = z.object({
  topics: z
    .string()
    .max(400)
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(topics)))
    .optional()
    .describe(`Separated by commas, of ${topics.join(', ')}; default: all that the caller may read`),
});
