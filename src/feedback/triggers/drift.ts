import { eventKey } from '../../contracts/loop/event-key.ts';
import { driftKinds } from '../../contracts/loop/monitor.ts';
import type { TriggerEvent } from './trigger-event.ts';

/** The fields of an alert that a trigger needs. */
export interface DriftAlert {
  id: string;
  monitor: string;
  kind: string;
  since: Date;
  openedAt: Date;
  found: string;
}

/** One event for all open alerts, named after the oldest; each alert fires once. */
export function driftEvent(
  monitors: readonly string[],
  open: readonly DriftAlert[],
  answered: (key: string) => boolean,
): TriggerEvent | null {
  const ours = open
    .filter(({ monitor, kind }) =>
      monitors.length === 0 ? driftKinds.some((each) => each === kind) : monitors.includes(monitor),
    )
    .filter(({ id }) => !answered(eventKey('alert', id)))
    .toSorted((a, b) => a.openedAt.getTime() - b.openedAt.getTime());
  const [oldest, ...others] = ours;
  if (oldest === undefined) return null;
  return {
    key: eventKey('alert', oldest.id),
    why: `alert from ${ours.map(({ monitor }) => monitor).join(', ')}: ${oldest.found}`,
    evidence: { alerts: ours.map(({ id, monitor, since }) => ({ id, monitor, since: since.toISOString() })) },
    otherwise: 'held',
    covers: others.map(({ id }) => eventKey('alert', id)),
  };
}
