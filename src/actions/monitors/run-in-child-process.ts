import type { Config } from '../../config/index.ts';
import type { Actor } from '../../contracts/actor.ts';
import type { MonitorResult } from '../../contracts/loop/monitor.ts';
import { MitateError } from '../../errors/index.ts';
import { askOnce } from '../../processes/ask-once.ts';
import { childEntry } from '../../processes/child-entry.ts';
import { Semaphore } from '../../processes/semaphore.ts';
import type { OpenStore } from '../../store/open-store.ts';
import type { MonitorRequest } from './monitor-process.ts';

const entry = childEntry('./monitor-process.ts', import.meta.url);

/** A check takes seconds; one that hangs would block all others. */
const timeoutMs = 300_000;
const oneAtATime = new Semaphore(1, 20);

/**
 * `runMonitor` in a child process, one at a time: the discrepancy of 1,000 embeddings would block a server for a second.
 * @throws as `runMonitor`, MONITOR_PROCESS_DIED, SERVER_BUSY
 */
export function runMonitorInChildProcess(
  config: Config,
  store: Pick<OpenStore, 'project'>,
  name: string,
  actor: Actor,
): Promise<MonitorResult> {
  const { workspace, databaseUrl } = config;
  const request: MonitorRequest = { workspace, databaseUrl, project: store.project, name, actor };
  const died = ({ reason }: { reason: string }) => new MitateError('MONITOR_PROCESS_DIED', { monitor: name, reason });
  return oneAtATime.run(() => askOnce(entry, request, { timeoutMs, died }));
}
