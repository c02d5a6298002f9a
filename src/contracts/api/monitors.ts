import { z } from 'zod';
import { monitorResultSchema, monitorSchema, storedMonitorSchema } from '../loop/monitor.ts';
import { pageQuerySchema } from './page.ts';

/** A monitor with the last of what it found; null = no window has ended yet. */
export const watchedMonitorSchema = z.object({ monitor: storedMonitorSchema, latest: monitorResultSchema.nullable() });

export const monitorsQuerySchema = pageQuerySchema.extend({ endpoint: z.string().max(64).optional() });

export const createMonitorSchema = monitorSchema.strict();

export const setMonitorSchema = z.strictObject({ isEnabled: z.boolean() });

export const defaultsOfSchema = z.strictObject({ endpoint: z.string().max(64) });
