import { statfs } from 'node:fs/promises';
import type { StoredTrigger } from '../../contracts/loop/trigger.ts';
import { severityOf } from '../../contracts/severity.ts';
import { queueState } from '../../orchestrator/queue/queue-state.ts';
import type { DiskSpace } from '../../serving/metrics.ts';
import type { Operations } from '../../serving/operation-metrics.ts';
import type { OpenStore } from '../../store/open-store.ts';

/** What `/metrics` says of all projects. @throws DATABASE_* */
export async function operations(store: OpenStore): Promise<Operations> {
  const projects = (await store.access.listProjects()).map(({ name }) => name);
  const alerts: Operations['alerts'][number][] = [];
  const runs: Operations['runs'][number][] = [];
  const deadLetters: Operations['deadLetters'][number][] = [];
  const failingTriggers: Operations['failingTriggers'][number][] = [];
  const loops: Operations['loops'][number][] = [];
  for (const project of projects) {
    const scoped = store.forProject(project);
    alerts.push(...bySeverity(project, await scoped.alerts.countUnresolved()));
    deadLetters.push({ project, count: await scoped.alerts.countDead() });
    const triggers = await scoped.triggers.listTriggers();
    loops.push({ project, ...(await scoped.reports.loopCounts()), triggers: byKind(triggers) });
    failingTriggers.push({ project, count: triggers.filter(({ isEnabled, problem }) => isEnabled && problem).length });
    runs.push(...(await scoped.countRuns()).map((each) => ({ project, ...each })));
  }
  const { queued, ...queue } = await queueState(store);
  return { loops, alerts, deadLetters, failingTriggers, runs, queuedRuns: queued, ...queue };
}

/** Of the volume of a folder. */
export async function diskSpace(dir: string): Promise<DiskSpace> {
  const { bavail, blocks, bsize } = await statfs(dir);
  return { freeBytes: bavail * bsize, sizeBytes: blocks * bsize };
}

function byKind(triggers: readonly StoredTrigger[]): Operations['loops'][number]['triggers'] {
  const same = Map.groupBy(triggers, ({ when: { kind }, isEnabled }) => `${kind} ${isEnabled}`);
  return [...same.values()].map((group) => {
    const { when, isEnabled } = group[0]!;
    return { kind: when.kind, enabled: isEnabled, count: group.length };
  });
}

/** Several kinds have one severity. */
function bySeverity(project: string, counts: Awaited<ReturnType<OpenStore['alerts']['countUnresolved']>>) {
  const alerts = counts.map(({ kind, ...rest }) => ({ project, severity: severityOf(kind), ...rest }));
  const same = Map.groupBy(alerts, ({ endpoint, severity, state }) => [endpoint, severity, state].join(' '));
  return [...same.values()].map((group) => ({
    ...group[0]!,
    count: group.reduce((total, { count }) => total + count, 0),
  }));
}
