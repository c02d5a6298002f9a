import { z } from 'zod';
import { monitorResultSchema, monitorSchema, storedMonitorSchema } from '../loop/monitor.ts';
import { pageQuerySchema } from './page.ts';

export type ApiMonitorResult = z.output<typeof monitorResultSchema>;

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
