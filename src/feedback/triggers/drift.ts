import { eventKey } from '../../contracts/loop/event-key.ts';
import type { MonitorKind } from '../../contracts/loop/monitor.ts';
import type { TriggerEvent } from './trigger-event.ts';

/** What a trigger needs to know of an alert. */
export interface DriftAlert {
  id: string;
  monitor: string;
  kind: string;
  since: Date;
  openedAt: Date;
  said: string;
}

/** Monitors that compare photos, or the answers to them, with those of the training. */
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

/** One event for all open alerts: they report one change. The oldest names it; each alert fires once. */
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
    why: `alert of ${ours.map(({ monitor }) => monitor).join(', ')}: ${oldest.said}`,
    evidence: { alerts: ours.map(({ id, monitor, since }) => ({ id, monitor, since: since.toISOString() })) },
    otherwise: 'held',
    covers: others.map(({ id }) => eventKey('alert', id)),
  };
}
