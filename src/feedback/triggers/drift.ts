import type { MonitorKind } from '../../contracts/loop/monitor.ts';
import type { Occasion } from './occasion.ts';

/** What a trigger needs to know of an alert. */
export interface DriftAlert {
  id: string;
  monitor: string;
  kind: string;
  since: Date;
  openedAt: Date;
  said: string;
}

/** Monitors that say that the photos, or the answers to them, are others than those of the training. */
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

/** One occasion for all that is open: they tell of one change of the world. The oldest names it; each alert fires once. */
export function driftOccasion(
  monitors: readonly string[],
  open: readonly DriftAlert[],
  answered: (key: string) => boolean,
): Occasion | null {
  const ours = open
    .filter(({ monitor, kind }) => (monitors.length === 0 ? driftKinds.has(kind) : monitors.includes(monitor)))
    .filter(({ id }) => !answered(alertKey(id)))
    .toSorted((a, b) => a.openedAt.getTime() - b.openedAt.getTime());
  const [oldest, ...others] = ours;
  if (oldest === undefined) return null;
  return {
    key: alertKey(oldest.id),
    why: `alert of ${ours.map(({ monitor }) => monitor).join(', ')}: ${oldest.said}`,
    evidence: { alerts: ours.map(({ id, monitor, since }) => ({ id, monitor, since: since.toISOString() })) },
    otherwise: 'held',
    covers: others.map(({ id }) => alertKey(id)),
  };
}

export const alertKey = (id: string): string => `alert:${id}`;
