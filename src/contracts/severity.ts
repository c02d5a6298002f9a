import type { MonitorKind } from './loop/monitor.ts';

/** Of an alert, ascending. */
export const severities = ['notice', 'warning', 'critical'] as const;
export type Severity = (typeof severities)[number];

/**
 * How urgent an alert is. `critical`: users get no predictions, or predictions that labels show to be wrong. `warning`: the data moved
 * away from the training data, or users and their outcomes from what they were. `notice`: changes in photos or users that explain the others.
 */
const byKind: Record<MonitorKind, Severity> = {
  'error-rate': 'critical',
  'traffic-absent': 'critical',
  'measured-accuracy': 'critical',
  'estimated-accuracy': 'warning',
  calibration: 'warning',
  'positive-rate': 'warning',
  'prediction-drift': 'warning',
  'label-drift': 'warning',
  'embedding-drift': 'warning',
  'embedding-mmd': 'warning',
  'out-of-distribution': 'warning',
  abstain: 'warning',
  latency: 'warning',
  'heat-map-drift': 'notice',
  'image-properties': 'notice',
  'quality-hints': 'notice',
  'user-events': 'notice',
  acceptance: 'warning',
  abandonment: 'warning',
  outcome: 'warning',
  'value-per-request': 'warning',
  'time-to-decision': 'notice',
};

/** @param kind of the monitor; an unknown kind, from a later version, is a warning */
export function severityOf(kind: string): Severity {
  return Object.hasOwn(byKind, kind) ? byKind[kind as MonitorKind] : 'warning';
}

export const isAtLeast = (severity: Severity, least: Severity): boolean =>
  severities.indexOf(severity) >= severities.indexOf(least);
