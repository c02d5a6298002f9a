import { queueState } from '../../../orchestrator/queue/queue-state.ts';
import type { OpenStore } from '../../../store/open-store.ts';
import { age, type Found } from './finding.ts';

/** A worker ticks every minute; a long run in progress does not delay it. */
const lateMs = 3 * 60_000;

/** When a worker last completed a tick, and whether anything waits for one. */
export async function workerFinding(store: OpenStore, now: Date): Promise<Found> {
  const { queued, lastTickAt } = await queueState(store);
  const waits = await waitsForWorker(store, queued);
  const since = lastTickAt && now.getTime() - lastTickAt.getTime();
  if (since !== null && since <= lateMs) return `last tick ${age(since)} ago${queued > 0 ? `, ${queued} queued` : ''}`;
  const last = since === null ? 'no tick on record' : `last tick ${age(since)} ago`;
  if (waits.length === 0) return `${last}; nothing needs a worker`;
  return {
    level: 'warn',
    said: `${last}, and there is work for it: ${waits.join(', ')}.`,
    remedy: 'Start one with "mitate worker", or server and worker with "mitate up". If one runs, read its log.',
  };
}

async function waitsForWorker(store: OpenStore, queued: number): Promise<string[]> {
  const counts = { 'queued runs': queued, triggers: 0, monitors: 0, promotions: 0 };
  for (const { name } of await store.access.listProjects()) {
    const { triggers, monitors } = store.forProject(name);
    counts.triggers += (await triggers.listTriggers()).filter(({ isEnabled }) => isEnabled).length;
    counts.monitors += (await monitors.listMonitors()).filter(({ isEnabled }) => isEnabled).length;
  }
  counts.promotions = (await store.promotions.listActive()).length;
  return Object.entries(counts).flatMap(([what, count]) => (count > 0 ? [`${what}: ${count}`] : []));
}
