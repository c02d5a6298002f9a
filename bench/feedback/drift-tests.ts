import type { Finding, MonitorKind, Observation } from '../../src/contracts/loop/monitor.ts';
import { runCheck } from '../../src/feedback/monitors/monitor-kind.ts';
import { monitorTable } from '../../src/feedback/monitors/table.ts';
import type { Random } from '../../src/math/stats/random.ts';

/** A monitor that tests a window against a reference, as it is configured. */
export interface DriftTest {
  name: string;
  kind: MonitorKind;
  parameters?: Record<string, unknown>;
  /** Tens of milliseconds a check. */
  isCostly?: boolean;
  /** Its statistic takes few values at n = 50. */
  isDiscrete?: boolean;
}

export const driftTests: readonly DriftTest[] = [
  { name: 'prediction-drift, Kolmogorov-Smirnov', kind: 'prediction-drift' },
  { name: 'prediction-drift, PSI', kind: 'prediction-drift', parameters: { statistic: 'psi' } },
  { name: 'prediction-drift, Jensen-Shannon', kind: 'prediction-drift', parameters: { statistic: 'js' } },
  { name: 'label-drift, Jensen-Shannon', kind: 'label-drift', isDiscrete: true },
  { name: 'label-drift, PSI', kind: 'label-drift', parameters: { statistic: 'psi' }, isDiscrete: true },
  { name: 'image-properties', kind: 'image-properties' },
  { name: 'out-of-distribution', kind: 'out-of-distribution', isDiscrete: true },
  { name: 'abstain', kind: 'abstain', isDiscrete: true },
  { name: 'quality-hints', kind: 'quality-hints', isDiscrete: true },
  { name: 'user-events', kind: 'user-events', isDiscrete: true },
  { name: 'heat-map-drift', kind: 'heat-map-drift' },
  { name: 'embedding-drift', kind: 'embedding-drift', isCostly: true },
  { name: 'embedding-mmd', kind: 'embedding-mmd', isCostly: true },
];

/** What one window is found to be. */
export function findingOf(
  { kind, parameters = {} }: DriftTest,
  reference: readonly Observation[],
  window: readonly Observation[],
  seed: string,
  alpha: number,
  tolerance?: number,
): Finding {
  const definition = monitorTable[kind];
  return runCheck(definition, 1, {
    reference,
    window,
    parameters: definition.parameters.parse({ ...parameters, ...(tolerance !== undefined && { tolerance }) }),
    seed,
    alpha,
  });
}

/** So many of them, without replacement. */
export function draw<T>(random: Random, items: readonly T[], count: number): T[] {
  const pool = [...items];
  for (let i = 0; i < count; i++) {
    const j = i + random.int(pool.length - i);
    [pool[i], pool[j]] = [pool[j]!, pool[i]!];
  }
  return pool.slice(0, count);
}
