// Asks the triggers of a workspace hour by hour, as a worker does minute by minute, and says each hour that it came to. Argument: config as JSON.
import { setTimeout as wait } from 'node:timers/promises';
import { fireTriggers } from '../../src/actions/triggers/fire.ts';
import { resolveConfig } from '../../src/config/config.ts';
import { openRunQueue } from '../../src/orchestrator/queue/run-queue.ts';
import { openStore } from '../../src/store/open-store.ts';

const [workspace, pipelines, from, hours] = process.argv.slice(2) as [string, string, string, string];
const logger = { debug() {}, info() {}, warn() {}, error() {} };
const config = resolveConfig({ flags: { workspace }, env: { MITATE_PIPELINES: pipelines }, cwd: '/', isTty: false });
await using store = await openStore({ workspace, attach: true });
await using queue = await openRunQueue(store, { logger });
for (let hour = Number(from); hour <= Number(hours); hour++) {
  const now = new Date(Date.UTC(2026, 2, 1, hour));
  await fireTriggers(config, store, { now, logger, enqueue: (order) => queue.add(order) });
  process.stdout.write(`${hour}\n`);
  await wait(5);
}
