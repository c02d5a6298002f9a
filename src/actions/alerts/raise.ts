import { v7 } from 'uuid';
import type { Logger } from '../../contracts/logger.ts';
import type { Alert } from '../../contracts/loop/alert.ts';
import type { MonitorResult } from '../../contracts/loop/monitor.ts';
import { toMitateError } from '../../errors/index.ts';
import { type AlertStep, alertStep } from '../../feedback/alerts/alert-step.ts';
import { monitorTable } from '../../feedback/monitors/table.ts';
import type { NewAlert } from '../../store/alerts/contract.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { newsOf } from './news.ts';

type Facets = Pick<OpenStore, 'alerts' | 'listDeployments' | 'monitors' | 'project'>;

/** Results of a monitor that are looked at: a month of daily checks. */
const looksBack = 31;
/** Of windows that overlap: ten days, checked every five minutes, are 2,880. */
const mostLookedAt = 6_000;

/** What was opened, updated or resolved. */
export interface RaisedAlert {
  alert: Alert;
  what: 'opened' | 'updated' | 'resolved';
}

/**
 * Holds what monitors found since the last time against the policy of alarms: opens, updates and resolves alerts, one a monitor, and queues
 * what channels are told in the same transaction. Two who do it at once change nothing twice.
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
      logger.warn('an alert could not be raised', { monitor, error: toMitateError(error).message });
    }
  for (const { alert, what } of raised)
    if (what !== 'updated') logger.info(`alert ${what}`, { alert: alert.id, monitor: alert.monitor });
  return raised;
}

/** Newest first; back to a window that shares no request with the newest, as long as no quiet one lies between. */
async function heardBefore(store: Pick<OpenStore, 'monitors'>, { monitor, windowStart, windowEnd }: MonitorResult) {
  const results = await store.monitors.listResults({ monitor, limit: looksBack });
  const isEnough = results.some(({ state, windowEnd: end }) => state === 'ok' || end <= windowStart);
  if (isEnough || results.length < looksBack) return results;
  const from = new Date(2 * windowStart.getTime() - windowEnd.getTime());
  return await store.monitors.listResults({ monitor, from, limit: mostLookedAt });
}

/** @param latest null when the monitor is not there any more, or found nothing yet */
async function follow(
  store: Facets,
  last: Alert | null,
  latest: MonitorResult | null,
  now: Date,
): Promise<RaisedAlert | null> {
  const isLive = last !== null && last.state !== 'resolved';
  if (isLive && (await store.monitors.getMonitor(last.monitor)) === null) return await endOrphan(store, last, now);
  if (latest === null || (!isLive && latest.seq <= (last?.resultSeq ?? 0))) return null;
  return await take(store, last, alertStep(last, await heardBefore(store, latest), now), now);
}

async function take(store: Facets, last: Alert | null, step: AlertStep, now: Date): Promise<RaisedAlert | null> {
  if (step.kind === 'none') return null;
  if (step.kind === 'open') {
    const fresh = newAlert(step.breach, step.since, now);
    const alert = await store.alerts.openAlert(fresh, await newsOf(store, 'opened', fresh, now));
    return alert && { alert, what: 'opened' };
  }
  const changed = { ...last!, ...step.change };
  const told = step.tells === null ? [] : await newsOf(store, step.tells, changed, now);
  const alert = await store.alerts.changeAlert(last!, step.change, told, now);
  return alert && { alert, what: step.tells ?? (alert.state === 'resolved' ? 'resolved' : 'updated') };
}

function newAlert(
  { seq, monitor, kind, endpoint, at, windowStart, windowEnd, finding }: MonitorResult,
  since: Date,
  now: Date,
): NewAlert {
  return {
    id: v7(),
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

/** The alert of a monitor that was removed would stay for ever, and so would what those who were told made of it. */
async function endOrphan(store: Facets, last: Alert, now: Date): Promise<RaisedAlert | null> {
  const entry = { at: now.toISOString(), who: 'mitate', what: 'resolved: its monitor was removed' };
  const change = { state: 'resolved' as const, resolvedAt: now, silencedUntil: null, entry };
  const told = last.state === 'silenced' ? [] : await newsOf(store, 'resolved', last, now);
  const alert = await store.alerts.changeAlert(last, change, told, now);
  return alert && { alert, what: 'resolved' };
}
