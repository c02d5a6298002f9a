import { fork } from 'node:child_process';
import type { Config } from '../config/index.ts';
import { MitateError } from '../errors/index.ts';
import { unpackError } from '../inference/processes/sent-error.ts';
import type { MonitorResult } from '../store/monitors/contract.ts';
import type { OpenStore } from '../store/open-store.ts';
import type { MonitorOrder, MonitorReply } from './monitor-runner.ts';

const entry = new URL(import.meta.url.endsWith('.ts') ? './monitor-runner.ts' : './monitor-runner.js', import.meta.url);

/** A check takes seconds; one that hangs would keep all others waiting. */
const timeoutMs = 300_000;

let turn: Promise<unknown> = Promise.resolve();

/**
 * `runMonitor` in a process of its own, one at a time: a discrepancy of 1,000 embeddings would stop a server for a second.
 * @throws as `runMonitor`, MONITOR_PROCESS_DIED
 */
export async function runMonitorApart(config: Config, store: OpenStore, name: string): Promise<MonitorResult> {
  const { workspace, databaseUrl } = config;
  const order = { workspace, databaseUrl, project: store.project, name };
  const mine = turn.then(
    () => askRunner(order),
    () => askRunner(order),
  );
  turn = mine;
  return await mine;
}

function askRunner(order: MonitorOrder): Promise<MonitorResult> {
  return new Promise((resolve, reject) => {
    const child = fork(entry, { serialization: 'advanced', stdio: 'ignore', timeout: timeoutMs });
    child.once('message', (reply: MonitorReply) => {
      if ('result' in reply) resolve(reply.result);
      else reject(unpackError(reply.error));
    });
    child.once('exit', () => reject(new MitateError('MONITOR_PROCESS_DIED', { monitor: order.name })));
    child.once('error', reject);
    child.send(order);
  });
}
