import { eventKey } from '../../contracts/loop/event-key.ts';
import type { MonitorKind } from '../../contracts/loop/monitor.ts';
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

/** Monitors that compare photos or answers with those of training. */
export const driftKinds: ReadonlySet<string> = new Set<MonitorKind>([
  'positive-rate',
  'prediction-drift',
  'label-drift',
  'embedding-drift',
  'embedding-mmd',
  'image-properties',
  'out-of-distribution',
  'abstain',
  'quality-hints',
  'heat-map-drift',
]);

/** One event for all open alerts, named after the oldest; each alert fires once. */
export function driftEvent(
  monitors: readonly string[],
  open: readonly DriftAlert[],
  answered: (key: string) => boolean,
): TriggerEvent | null {
  const ours = open
    .filter(({ monitor, kind }) => (monitors.length === 0 ? driftKinds.has(kind) : monitors.includes(monitor)))
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
