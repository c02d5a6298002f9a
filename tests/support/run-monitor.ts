import type { Finding, MonitorKind, Observation } from '../../src/contracts/loop/monitor.ts';
import { type Check, runCheck } from '../../src/feedback/monitors/monitor-kind.ts';
import { monitorTable } from '../../src/feedback/monitors/table.ts';

type Given = Partial<Omit<Check<unknown>, 'window' | 'reference' | 'parameters'>> & {
  parameters?: Record<string, unknown>;
  minSamples?: number;
};

/** What a monitor finds, with its defaults where the test says nothing. */
export function runMonitorKind(
  kind: MonitorKind,
  reference: readonly Observation[],
  window: readonly Observation[],
  { parameters = {}, minSamples = 1, ...given }: Given = {},
): Finding {
  const definition = monitorTable[kind];
  const check = { reference, window, seed: 1, alpha: 0.01, ...given };
  return runCheck(definition, minSamples, { ...check, parameters: definition.parameters.parse(parameters) });
}
