import { z } from 'zod';
import { instantSchema } from '../instant.ts';
import { monitorKinds, monitorSchema } from '../loop/monitor.ts';
import { pageQuerySchema } from './page.ts';

export const findingSchema = z.object({
  state: z.enum(['ok', 'breach', 'not-enough-data', 'failed']),
  statistic: z.number().nullable(),
  p: z.number().nullable().describe('Chance of such a statistic without a change; null where the threshold is fixed'),
  threshold: z.number().nullable(),
  interval: z.object({ low: z.number(), high: z.number() }).nullable().describe('95 %'),
  said: z.string(),
  movers: z.array(z.string()).readonly().describe('Ids of the photos that moved it most, most first'),
  details: z.record(z.string(), z.unknown()),
});

export const monitorResultSchema = z.object({
  seq: z.int(),
  monitor: z.string(),
  endpoint: z.string(),
  kind: z.enum(monitorKinds),
  state: findingSchema.shape.state,
  at: instantSchema,
  windowStart: instantSchema,
  windowEnd: instantSchema,
  finding: findingSchema,
});
export type ApiMonitorResult = z.output<typeof monitorResultSchema>;

export const storedMonitorSchema = monitorSchema.extend({ createdAt: instantSchema, who: z.string() });
export type ApiMonitor = z.output<typeof storedMonitorSchema>;

/** A monitor with the last of what it found; null = no window has ended yet. */
export const watchedMonitorSchema = z.object({ monitor: storedMonitorSchema, latest: monitorResultSchema.nullable() });
export type ApiWatchedMonitor = z.output<typeof watchedMonitorSchema>;

export const monitorsQuerySchema = pageQuerySchema.extend({ endpoint: z.string().max(64).optional() });
export type MonitorsQuery = z.input<typeof monitorsQuerySchema>;

export const createMonitorSchema = monitorSchema.strict();
export type CreateMonitor = z.input<typeof createMonitorSchema>;

export const setMonitorSchema = z.strictObject({ isEnabled: z.boolean() });
export type SetMonitor = z.input<typeof setMonitorSchema>;

export const defaultsOfSchema = z.strictObject({ endpoint: z.string().max(64) });
