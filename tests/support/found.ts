import type { MonitorKind, MonitorResult, MonitorState } from '../../src/contracts/loop/monitor.ts';
import type { OpenStore } from '../../src/store/open-store.ts';
import { unaudited } from './unaudited.ts';

export interface Found {
  monitor: string;
  endpoint?: string;
  kind?: MonitorKind;
  state?: MonitorState;
  /** The day, of March 2026, that the window covers. */
  day: number;
  said?: string;
  statistic?: number;
  movers?: string[];
  details?: Record<string, unknown>;
}

/** Stores what a monitor found in a day, beyond doubt, and the monitor when it is new. */
export async function found(store: OpenStore, what: Found): Promise<MonitorResult> {
  const { monitor, day, endpoint = 'leaf', kind = 'label-drift', state = 'breach' } = what;
  const { said = `day ${day}`, statistic = 0.5, movers = [], details = {} } = what;
  const [windowStart, windowEnd] = [new Date(Date.UTC(2026, 2, day)), new Date(Date.UTC(2026, 2, day + 1))];
  if ((await store.monitors.getMonitor(monitor)) === null) {
    const watched = { parameters: {}, window: { by: 'time' as const, days: 1 }, reference: { from: 'model' as const } };
    const usual = { slice: null, minSamples: 50, schedule: '0 0 * * *', isEnabled: true };
    await unaudited(store).monitors.createMonitor(
      { name: monitor, endpoint, kind, ...watched, ...usual },
      { who: 'test', at: windowStart },
    );
  }
  const finding = { state, statistic, p: 1e-9, threshold: 0.002, interval: null, said, movers, details };
  const result = { monitor, endpoint, kind, state, at: windowEnd, windowStart, windowEnd, finding };
  return (await store.monitors.addResult(result))!;
}
