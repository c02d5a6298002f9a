import type { z } from 'zod';
import { dayMs } from '../../codecs/duration.ts';
import { nameSchema } from '../../contracts/access.ts';
import type { Actor } from '../../contracts/actor.ts';
import { type Monitor, type MonitorResult, monitorSchema, type StoredMonitor } from '../../contracts/loop/monitor.ts';
import { issueOf, MitateError } from '../../errors/index.ts';
import { parseSchedule } from '../../feedback/due-windows.ts';
import { monitorTable } from '../../feedback/monitors/table.ts';
import { usesReference, withPlaceholder } from '../../feedback/own-numbers.ts';
import type { ResultFilter } from '../../store/monitors/contract.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { requireEndpoint } from '../endpoints/require-endpoint.ts';
import { defaultsOf } from './defaults.ts';

export interface MonitorChange {
  actor: Actor;
  now: Date;
}

/** A monitor with its latest result. */
export interface WatchedMonitor {
  monitor: StoredMonitor;
  latest: MonitorResult | null;
}

/** Optional fields get their defaults. @throws MONITOR_INVALID, MONITOR_EXISTS, ENDPOINT_UNKNOWN */
export async function createMonitor(
  store: Pick<OpenStore, 'endpoints' | 'audited'>,
  wanted: unknown,
  { actor, now }: MonitorChange,
): Promise<StoredMonitor> {
  const monitor = checkMonitor(wanted);
  const { name, endpoint, kind } = monitor;
  await requireEndpoint(store, endpoint);
  return await store.audited(({ monitors }) => monitors.createMonitor(monitor, { who: actor.name, at: now }), {
    actor,
    action: 'monitor.create',
    subject: name,
    details: { endpoint, kind },
  });
}

/** Creates the default monitors of an endpoint, removed ones included. @returns the new ones */
export async function createDefaults(
  store: Pick<OpenStore, 'endpoints' | 'feedback' | 'audited'>,
  endpoint: string,
  { actor, now }: MonitorChange,
): Promise<StoredMonitor[]> {
  await requireEndpoint(store, endpoint);
  const defaults = await defaultsOf(store, endpoint, now);
  return await store.audited(
    async ({ monitors }) => {
      const there = new Set((await monitors.listMonitors()).map(({ name }) => name));
      const made: StoredMonitor[] = [];
      for (const monitor of defaults)
        if (!there.has(monitor.name)) made.push(await monitors.createMonitor(monitor, { who: actor.name, at: now }));
      return made;
    },
    (made) => ({
      actor,
      action: 'monitor.defaults',
      subject: endpoint,
      details: { made: made.map(({ name }) => name) },
    }),
  );
}

/** @throws MONITOR_UNKNOWN */
export async function setMonitor(
  { audited }: Pick<OpenStore, 'audited'>,
  name: string,
  change: Pick<Monitor, 'isEnabled'>,
  actor: Actor,
): Promise<StoredMonitor> {
  return await audited(({ monitors }) => monitors.setMonitor(name, change), {
    actor,
    action: 'monitor.set',
    subject: name,
    details: { ...change },
  });
}

/** Its results are kept. @throws MONITOR_UNKNOWN */
export async function removeMonitor(
  { audited }: Pick<OpenStore, 'audited'>,
  name: string,
  { actor, now }: MonitorChange,
): Promise<void> {
  const entry = { actor, action: 'monitor.remove', subject: name } as const;
  await audited(({ monitors }) => monitors.removeMonitor(name, now), entry);
}

/** By name. */
export async function listWatched(
  store: Pick<OpenStore, 'monitors'>,
  filter: { endpoint?: string } = {},
): Promise<WatchedMonitor[]> {
  const latest = new Map((await store.monitors.latestResults()).map((result) => [result.monitor, result]));
  const monitors = await store.monitors.listMonitors(filter);
  return monitors.map((monitor) => ({ monitor, latest: latest.get(monitor.name) ?? null }));
}

/** Newest first; also of a removed monitor. */
export async function listResults(
  { monitors }: Pick<OpenStore, 'monitors'>,
  filter: ResultFilter,
): Promise<MonitorResult[]> {
  return await monitors.listResults(filter);
}

/** With its last results, newest first. @throws MONITOR_UNKNOWN */
export async function showMonitor(
  store: Pick<OpenStore, 'monitors'>,
  name: string,
  limit = 30,
): Promise<{ monitor: StoredMonitor; results: MonitorResult[] }> {
  const monitor = await store.monitors.getMonitor(name);
  if (monitor === null) throw new MitateError('MONITOR_UNKNOWN', { monitor: name });
  return { monitor, results: await store.monitors.listResults({ monitor: name, limit }) };
}

/** @throws MONITOR_INVALID */
function checkMonitor(wanted: unknown): Monitor {
  const monitor = parse(monitorSchema, wanted, nameOf(wanted), '');
  const { name, kind, parameters, window, schedule, reference } = monitor;
  parse(nameSchema, name, name, 'name');
  const known = parse(monitorTable[kind].parameters, withPlaceholder(kind, parameters), name, 'parameters');
  const unknown = Object.keys(parameters).find((key) => !Object.hasOwn(known as object, key));
  if (unknown !== undefined) invalid(name, 'parameters', `${kind} has no "${unknown}"`);
  if (kind === 'traffic-absent' && window.by === 'count')
    invalid(name, 'window', 'absence shows in a window of time; give days');
  const settlesMs = monitorTable[kind].settlesMs?.(known) ?? 0;
  if (window.by === 'time' && window.days * dayMs <= settlesMs)
    invalid(name, 'window', `it must be longer than the ${(24 * settlesMs) / dayMs} hours in which values may come`);
  if (reference.from === 'window' && Date.parse(reference.start) >= Date.parse(reference.end))
    invalid(name, 'reference', 'it ends before it starts');
  if (usesReference(kind, parameters) && reference.from !== 'model')
    invalid(name, 'parameters', '"reference" stands for the model\'s own photos; give a number');
  const next = readSchedule(name, schedule);
  if (next === null) invalid(name, 'schedule', `"${schedule}" never comes`);
  return monitor;
}

function readSchedule(monitor: string, schedule: string): Date | null {
  try {
    return parseSchedule(schedule).nextRun();
  } catch (error) {
    return invalid(monitor, 'schedule', `"${schedule}" is not a cron expression: ${(error as Error).message}`);
  }
}

function parse<T>(schema: z.ZodType<T>, value: unknown, monitor: string, field: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { place, reason } = issueOf(parsed.error);
  const path = [field, place].filter((part) => part !== '').join('.');
  return invalid(monitor, path || 'definition', reason);
}

function invalid(monitor: string, field: string, reason: string): never {
  throw new MitateError('MONITOR_INVALID', { monitor, field, reason });
}

function nameOf(wanted: unknown): string {
  const name = typeof wanted === 'object' && wanted !== null && 'name' in wanted ? wanted.name : undefined;
  return typeof name === 'string' ? name.slice(0, 64) : '';
}
