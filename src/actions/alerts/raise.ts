import { v7 } from 'uuid';
import type { Logger } from '../../contracts/logger.ts';
import type { Alert } from '../../contracts/loop/alert.ts';
import type { MonitorResult } from '../../contracts/loop/monitor.ts';
import { toMitateError } from '../../errors/index.ts';
import { type AlertStep, alertStep } from '../../feedback/alerts/alert-step.ts';
import { monitorTable } from '../../feedback/monitors/table.ts';
import type { NewAlert } from '../../store/alerts/contract.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { messagesFor } from './messages.ts';

type Facets = Pick<OpenStore, 'alerts' | 'listDeployments' | 'monitors' | 'project'>;

/** Results of a monitor that are read: a month of daily checks. */
const recentResults = 31;
/** Windows without common requests whose p, as small as permutations reach, are an alert. */
const enoughWindows = 3;
/** For overlapping windows: ten days, checked every five minutes, are 2,880. */
const mostResults = 9_000;

/** What was opened, updated or resolved. */
export interface RaisedAlert {
  alert: Alert;
  what: 'opened' | 'updated' | 'resolved';
}

/**
 * Applies the alarm policy to the results since the last call: opens, updates and resolves alerts, one per monitor, and queues the channels'
 * messages in the same transaction. Safe to call in several processes: each change is made once.
 */
export async function raiseAlerts(
  store: Facets,
  { now, logger }: { now: Date; logger: Logger },
): Promise<RaisedAlert[]> {
  const raised: RaisedAlert[] = [];
  const newest = await store.alerts.newestAlerts();
  const latest = new Map((await store.monitors.latestResults()).map((result) => [result.monitor, result]));
  for (const monitor of new Set([...newest.keys(), ...latest.keys()]))
    try {
      const step = await follow(store, newest.get(monitor) ?? null, latest.get(monitor) ?? null, now);
      if (step) raised.push(step);
    } catch (error) {
      logger.warn('alert not raised', { monitor, error: toMitateError(error).message });
    }
  for (const { alert, what } of raised)
    if (what !== 'updated') logger.info(`alert ${what}`, { alert: alert.id, monitor: alert.monitor });
  return raised;
}

/** Newest first, back to one without a breach, or over three windows without common requests. */
async function resultsBefore(store: Pick<OpenStore, 'monitors'>, { monitor, windowStart, windowEnd }: MonitorResult) {
  const results = await store.monitors.listResults({ monitor, limit: recentResults });
  const length = windowEnd.getTime() - windowStart.getTime();
  const from = new Date(windowEnd.getTime() - enoughWindows * length);
  const isEnough = results.some(({ state, windowStart: start }) => state === 'ok' || start <= from);
  if (isEnough || results.length < recentResults) return results;
  return await store.monitors.listResults({ monitor, from, limit: mostResults });
}

/** @param latest null = the monitor was removed, or has no result yet */
async function follow(
  store: Facets,
  last: Alert | null,
  latest: MonitorResult | null,
  now: Date,
): Promise<RaisedAlert | null> {
  const isLive = last !== null && last.state !== 'resolved';
  if (isLive && (await store.monitors.getMonitor(last.monitor)) === null) return await endOrphan(store, last, now);
  if (latest === null || (!isLive && latest.seq <= (last?.resultSeq ?? 0))) return null;
  return await take(store, last, alertStep(last, await resultsBefore(store, latest), now), now);
}

async function take(store: Facets, last: Alert | null, step: AlertStep, now: Date): Promise<RaisedAlert | null> {
  if (step.kind === 'none') return null;
  if (step.kind === 'open') {
    const fresh = newAlert(step.breach, step.since, now);
    const alert = await store.alerts.openAlert(fresh, await messagesFor(store, 'opened', fresh, now));
    return alert && { alert, what: 'opened' };
  }
  const changed = { ...last!, ...step.change };
  const messages = step.news === null ? [] : await messagesFor(store, step.news, changed, now);
  const alert = await store.alerts.changeAlert(last!, step.change, messages, now);
  return alert && { alert, what: step.news ?? (alert.state === 'resolved' ? 'resolved' : 'updated') };
}

function newAlert(
  { seq, monitor, kind, endpoint, at, windowStart, windowEnd, finding }: MonitorResult,
  since: Date,
  now: Date,
): NewAlert {
  return {
    id: v7({ msecs: now.getTime() }),
    monitor,
    kind,
    endpoint,
    since,
    openedAt: now,
    lastSeenAt: at,
    resultSeq: seq,
    windowStart,
    windowEnd,
    finding,
    remedy: monitorTable[kind].remedy,
    timeline: [{ at: now.toISOString(), who: 'mitate', what: `opened: ${finding.said}` }],
  };
}

/** Resolves the alert of a removed monitor, which would stay open forever, as would the incidents that channels opened for it. */
async function endOrphan(store: Facets, last: Alert, now: Date): Promise<RaisedAlert | null> {
  const entry = { at: now.toISOString(), who: 'mitate', what: 'resolved: its monitor was removed' };
  const change = { state: 'resolved' as const, resolvedAt: now, silencedUntil: null, entry };
  const messages = last.state === 'silenced' ? [] : await messagesFor(store, 'resolved', last, now);
  const alert = await store.alerts.changeAlert(last, change, messages, now);
  return alert && { alert, what: 'resolved' };
}
