import { dayMs } from '../../codecs/duration.ts';
import type { Actor } from '../../contracts/actor.ts';
import type { Alert, Delivery } from '../../contracts/loop/alert.ts';
import { MitateError } from '../../errors/index.ts';
import type { AlertChange, AlertFilter } from '../../store/alerts/contract.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { messagesFor } from './messages.ts';

type Facets = Pick<OpenStore, 'alerts' | 'audited' | 'listDeployments' | 'project'>;

export interface AlertDetails {
  alert: Alert;
  /** Messages about it, newest first. */
  deliveries: Delivery[];
}

/** Who changes an alert, why, and when. */
export interface AlertUpdate {
  actor: Actor;
  why: string;
  now: Date;
}

const longestSilenceDays = 90;

/** @param idOrMonitor an alert's id, or a monitor's name for its alert that is not resolved @throws ALERT_UNKNOWN */
export async function requireAlert(store: Pick<OpenStore, 'alerts' | 'project'>, idOrMonitor: string): Promise<Alert> {
  const found = await store.alerts.getAlert(idOrMonitor);
  if (found === null) throw new MitateError('ALERT_UNKNOWN', { project: store.project, alert: idOrMonitor });
  return found;
}

/** Newest first. */
export async function listAlerts({ alerts }: Pick<OpenStore, 'alerts'>, filter: AlertFilter): Promise<Alert[]> {
  return await alerts.listAlerts(filter);
}

/** @throws ALERT_UNKNOWN */
export async function showAlert(
  store: Pick<OpenStore, 'alerts' | 'project'>,
  idOrMonitor: string,
): Promise<AlertDetails> {
  const alert = await requireAlert(store, idOrMonitor);
  return { alert, deliveries: await store.alerts.listDeliveries({ alert: alert.id }) };
}

/** Marks it as being handled; ends a silence. @throws ALERT_UNKNOWN, ALERT_RESOLVED, ALERT_CHANGED */
export async function acknowledgeAlert(store: Facets, idOrMonitor: string, update: AlertUpdate): Promise<Alert> {
  const changes = { state: 'acknowledged', silencedUntil: null } as const;
  return await change(store, idOrMonitor, update, { action: 'alert.ack', what: 'acknowledged', changes });
}

/** Closes it and notifies the channels. A new breach opens a new alert. @throws as `acknowledgeAlert` */
export async function resolveAlert(store: Facets, idOrMonitor: string, update: AlertUpdate): Promise<Alert> {
  const changes = { state: 'resolved', resolvedAt: update.now, silencedUntil: null } as const;
  return await change(store, idOrMonitor, update, { action: 'alert.resolve', what: 'resolved', changes });
}

/** Sends no message about it until then; new results are still recorded. @throws as `acknowledgeAlert`, ALERT_SILENCE_INVALID */
export async function silenceAlert(
  store: Facets,
  idOrMonitor: string,
  until: Date,
  update: AlertUpdate,
): Promise<Alert> {
  const refuse = (reason: string): never => {
    throw new MitateError('ALERT_SILENCE_INVALID', { until: until.toISOString(), reason });
  };
  if (until <= update.now) refuse('that has passed');
  if (until.getTime() - update.now.getTime() > longestSilenceDays * dayMs)
    refuse(`more than ${longestSilenceDays} days`);
  const changes = { state: 'silenced', silencedUntil: until } as const;
  const what = `silenced until ${until.toISOString()}`;
  return await change(store, idOrMonitor, update, { action: 'alert.silence', what, changes, details: { until } });
}

interface Update {
  action: 'alert.ack' | 'alert.resolve' | 'alert.silence';
  /** For the alert's timeline. */
  what: string;
  changes: AlertChange;
  details?: object;
}

async function change(
  store: Facets,
  idOrMonitor: string,
  { actor, why, now }: AlertUpdate,
  { action, what, changes, details }: Update,
): Promise<Alert> {
  const alert = await requireAlert(store, idOrMonitor);
  if (alert.state === 'resolved')
    throw new MitateError('ALERT_RESOLVED', { alert: alert.id, resolvedAt: String(alert.resolvedAt?.toISOString()) });
  const entry = { at: now.toISOString(), who: actor.name, what: `${what}: ${why}` };
  const isAnnounced = action === 'alert.resolve' && alert.state !== 'silenced';
  const messages = isAnnounced ? await messagesFor(store, 'resolved', { ...alert, ...changes }, now) : [];
  return await store.audited(
    async ({ alerts }) => {
      const changed = await alerts.changeAlert(alert, { ...changes, entry }, messages, now);
      if (changed === null) throw new MitateError('ALERT_CHANGED', { alert: alert.id });
      return changed;
    },
    { actor, action, subject: alert.id, details: { ...details, why } },
  );
}
