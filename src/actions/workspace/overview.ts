import { dayMs } from '../../codecs/duration.ts';
import type { Need, Overview } from '../../contracts/api/overview.ts';
import { severities } from '../../contracts/severity.ts';
import { queueState } from '../../orchestrator/queue/queue-state.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { diskSpace } from './operations.ts';

export interface OverviewRequest {
  now: Date;
  /** Of the whole server. */
  health: { backlog: { records: number; bytes: number } | null } | null;
}

const mostOfAKind = 20;
/** A worker ticks every minute. */
const lateMs = 3 * 60_000;

/** The loop in numbers, and what waits for a person. */
export async function overview(store: OpenStore, { now, health }: OverviewRequest): Promise<Overview> {
  const [counts, endpoints, triggers, monitors, queue, [lastRun], data] = await Promise.all([
    store.reports.loopNow(new Date(now.getTime() - dayMs)),
    store.endpoints.listEndpoints(),
    store.triggers.listTriggers(),
    store.monitors.listMonitors(),
    queueState(store),
    store.listRuns({ limit: 1 }),
    newestExamples(store),
  ]);
  const unresolved = await store.alerts.countUnresolved();
  const stables = endpoints.flatMap(({ deployments }) => deployments.find(({ role }) => role === 'stable') ?? []);
  const waits = queue.queued + triggers.length + monitors.length + counts.promotions > 0;
  return {
    project: store.project,
    at: now,
    stations: {
      photos: { ...data, newPhotos: counts.newPhotos },
      training: {
        running: counts.running,
        queued: queue.queued,
        succeeded: counts.succeededDay,
        failed: counts.failedDay,
        last: lastRun
          ? {
              id: lastRun.id,
              pipeline: lastRun.pipeline,
              state: lastRun.state,
              at: lastRun.finishedAt ?? lastRun.startedAt,
            }
          : null,
      },
      evaluation: {
        versions: counts.versions,
        blessed: counts.blessed,
        newVersions: counts.newVersions,
        newest: counts.newestVersion,
      },
      service: {
        endpoints: endpoints.length,
        answering: stables.length,
        changes: counts.endpointChanges,
        promotions: counts.promotions,
        stable: stables.length === 1 ? `${stables[0]!.modelName}@${stables[0]!.version}` : null,
      },
      requests: {
        photos: counts.photosDay,
        failed: counts.failedPhotos,
        uncertain: counts.uncertain,
        unlike: counts.unlike,
      },
      feedback: { labels: counts.labelsDay, events: counts.eventsDay, waiting: counts.waiting },
      monitors: {
        monitors: monitors.length,
        results: counts.results,
        opened: counts.opened,
        alerts: unresolved.reduce((sum, { count }) => sum + count, 0),
      },
      triggers: {
        triggers: triggers.length,
        enabled: triggers.filter(({ isEnabled }) => isEnabled).length,
        fired: counts.fired,
        lastFiredAt: counts.lastFiredAt,
      },
    },
    needs: [
      ...(await alertNeeds(store)),
      ...(await approvalNeeds(store)),
      ...(await failedRuns(store, now)),
      ...triggers.flatMap(({ name, isEnabled, problem }) =>
        isEnabled && problem
          ? [need('trigger', 'warning', { id: name, said: problem.message, since: new Date(problem.since) })]
          : [],
      ),
      ...(await countedNeeds(store, counts.waiting)),
      ...(waits && isLate(queue.lastTickAt, now)
        ? [need('worker', 'critical', { since: queue.lastTickAt, count: queue.queued })]
        : []),
    ].toSorted((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity)),
    health: health && {
      workers: queue.workers,
      lastTickAt: queue.lastTickAt,
      lastTickSeconds: queue.lastTickSeconds,
      failedParts: [...queue.failedParts],
      queuedRuns: queue.queued,
      backlog: health.backlog,
      disk: await diskSpace(store.workspace.dir).catch(() => null),
    },
  };
}

const isLate = (at: Date | null, now: Date) => at === null || now.getTime() - at.getTime() > lateMs;

const need = (kind: Need['kind'], severity: Need['severity'], rest: Partial<Need>): Need => ({
  ...{ kind, severity, id: null, endpoint: null, of: null, since: null, said: '', count: 1 },
  ...rest,
});

/** Photos of the newest examples of each pipeline. */
async function newestExamples(store: OpenStore): Promise<{ photos: number | null; dataSets: number }> {
  const found = await store.listArtifacts({ type: 'Examples', live: true, limit: 100 });
  const newest = [...Map.groupBy(found, ({ pipeline }) => pipeline).values()].map(([first]) => first!);
  const counts = newest.map(({ properties }) => properties.examples);
  const known = counts.filter((count) => typeof count === 'number');
  return {
    photos: known.length === 0 ? null : known.reduce((sum, count) => sum + count, 0),
    dataSets: newest.length,
  };
}

async function alertNeeds({ alerts }: OpenStore): Promise<Need[]> {
  const open = await alerts.listAlerts({ states: ['open'], limit: mostOfAKind });
  return open.map(({ id, endpoint, monitor, severity, openedAt, finding }) =>
    need('alert', severity, { id, endpoint, of: monitor, since: openedAt, said: finding.said }),
  );
}

async function approvalNeeds({ promotions }: OpenStore): Promise<Need[]> {
  const active = await promotions.list({ active: true, limit: 100 });
  return active
    .filter(({ state }) => state === 'waiting-for-approval')
    .map(({ id, endpoint, modelName, version, stepSince, decisions }) =>
      need('approval', 'warning', {
        ...{ id, endpoint, of: `${modelName}@${version}`, since: stepSince },
        said: decisions.at(-1)?.why ?? '',
      }),
    );
}

/** The newest run of a pipeline, when it failed within a week. */
async function failedRuns(store: OpenStore, now: Date): Promise<Need[]> {
  const failed = (await store.countRuns()).filter(
    ({ state, lastFinishedAt }) =>
      state === 'failed' && lastFinishedAt !== null && now.getTime() - lastFinishedAt.getTime() < 7 * dayMs,
  );
  const newest = await Promise.all(failed.map(({ pipeline }) => store.listRuns({ pipeline, limit: 1 })));
  return newest
    .flat()
    .flatMap(({ id, pipeline, state, finishedAt, error }) =>
      state === 'failed'
        ? [need('failed-run', 'warning', { id, of: pipeline, since: finishedAt, said: error?.message ?? '' })]
        : [],
    );
}

async function countedNeeds(store: OpenStore, waiting: number): Promise<Need[]> {
  const dead = await store.alerts.countDead();
  return [
    ...(dead > 0 ? [need('dead-letter', 'warning', { count: dead })] : []),
    ...(waiting > 0 ? [need('review', 'notice', { count: waiting })] : []),
  ];
}
