import { statfs } from 'node:fs/promises';
import { type Alert, alertStates } from '../../contracts/loop/alert.ts';
import { queueState } from '../../orchestrator/queue/queue-state.ts';
import type { Operations } from '../../serving/operation-metrics.ts';
import type { OpenStore } from '../../store/open-store.ts';

const unresolved = alertStates.filter((state) => state !== 'resolved');

/** What `/metrics` says of all projects. @throws DATABASE_* */
export async function operations(store: OpenStore): Promise<Operations> {
  const projects = (await store.access.listProjects()).map(({ name }) => name);
  const alerts: Operations['alerts'][number][] = [];
  const runs: Operations['runs'][number][] = [];
  for (const project of projects) {
    const scoped = store.forProject(project);
    alerts.push(...countAlerts(project, await scoped.alerts.listAlerts({ states: unresolved, limit: 10_000 })));
    runs.push(...(await scoped.countRuns()).map((each) => ({ project, ...each })));
  }
  const { queued, lastTickAt } = await queueState(store);
  const { bavail, blocks, bsize } = await statfs(store.workspace.dir);
  const disk = { freeBytes: bavail * bsize, sizeBytes: blocks * bsize };
  return { alerts, runs, queuedRuns: queued, lastTickAt, disk };
}

function countAlerts(project: string, alerts: readonly Alert[]): Operations['alerts'][number][] {
  const same = Map.groupBy(alerts, ({ endpoint, severity, state }) => [endpoint, severity, state].join(' '));
  return [...same.values()].map((group) => {
    const { endpoint, severity, state } = group[0]!;
    return { project, endpoint, severity, state, count: group.length };
  });
}
