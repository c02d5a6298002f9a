import { runMonitor } from '../actions/monitors/run.ts';
import { silentLogger } from '../contracts/logger.ts';
import type { SentError } from '../inference/processes/messages.ts';
import { packError } from '../inference/processes/sent-error.ts';
import type { MonitorResult } from '../store/monitors/contract.ts';
import { openStore } from '../store/open-store.ts';

export interface MonitorOrder {
  workspace: string;
  databaseUrl: string | null;
  project: string;
  name: string;
}

export type MonitorReply = { result: MonitorResult } | { error: SentError };

/** The process of one check. */
process.once('message', (order: MonitorOrder) => {
  run(order).then(
    (reply) => process.send!(reply, () => process.disconnect()),
    () => process.exit(1),
  );
});

async function run({ workspace, databaseUrl, project, name }: MonitorOrder): Promise<MonitorReply> {
  try {
    const attach = { workspace, project, attach: true, ...(databaseUrl !== null && { databaseUrl }) };
    await using store = await openStore(attach);
    return { result: await runMonitor(store, name, { now: new Date(), logger: silentLogger }) };
  } catch (error) {
    return { error: packError(error) };
  }
}
