import type { MonitorKind } from './loop/monitor.ts';

/** Of an alert, least first. */
export const severities = ['notice', 'warning', 'critical'] as const;
export type Severity = (typeof severities)[number];

/**
 * How soon somebody should look. `critical`: users get no answers, or answers that labels showed to be wrong. `warning`: the world moved away from what the
 * model knows. `notice`: something about the photos or the people that explains the others.
 */
const byKind: Record<MonitorKind, Severity> = {
  'error-rate': 'critical',
  'traffic-absent': 'critical',
  'measured-accuracy': 'critical',
  'estimated-accuracy': 'warning',
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
};

/** @param kind of the monitor; one that a later version of Mitate knew is a warning */
export function severityOf(kind: string): Severity {
  return Object.hasOwn(byKind, kind) ? byKind[kind as MonitorKind] : 'warning';
}

export const isAtLeast = (severity: Severity, least: Severity): boolean =>
  severities.indexOf(severity) >= severities.indexOf(least);
