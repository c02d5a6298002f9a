import { type DriftAlert, driftOccasion } from '../feedback/triggers/drift.ts';
import { endpointOf } from '../feedback/triggers/endpoint-of.ts';
import type { Past } from '../feedback/triggers/look-back.ts';
import type { Occasion } from '../feedback/triggers/occasion.ts';
import { performanceOccasion } from '../feedback/triggers/performance.ts';
import { releaseOccasion } from '../feedback/triggers/release.ts';
import { momentKey, momentsUntil } from '../feedback/triggers/schedule.ts';
import type { Alert } from '../store/alert-store.ts';
import type { OpenStore } from '../store/open-store.ts';
import type { StoredTrigger } from '../store/trigger-store.ts';
import { callPrefix } from './trigger-occasions.ts';
import { readWatchedFolder } from './watched-folder.ts';

type Span = { from: Date; to: Date };
type When<K> = Extract<StoredTrigger['when'], { kind: K }>;
type Happened = Omit<Past, 'labels'>;

/** What the store and the watched folder still know of a time. */
export async function readPast(store: OpenStore, trigger: StoredTrigger, span: Span): Promise<Past> {
  const labels = await store.triggers.labelMoments({ endpoint: endpointOf(trigger), ...span });
  return { ...(await happened(store, trigger, span)), labels };
}

async function happened(store: OpenStore, trigger: StoredTrigger, span: Span): Promise<Happened> {
  const { when } = trigger;
  switch (when.kind) {
    case 'schedule':
      return schedule(when, span);
    case 'drift':
      return await drift(store, when, span);
    case 'performance':
      return await performance(store, when, span);
    case 'new-data':
      return await newData(store, trigger.name, when);
    case 'release':
      return await releases(store, when, span);
    case 'demand':
      return { moments: [], openAt: () => [] };
  }
}

function schedule(when: When<'schedule'>, { from, to }: Span): Happened {
  const moments = momentsUntil(when, from, to);
  const times = new Set(moments.map((moment) => moment.getTime()));
  return {
    moments,
    openAt: (now) =>
      times.has(now.getTime())
        ? [occasion(momentKey(now), `schedule ${when.cron} (${when.timeZone}): ${now.toISOString()}`, 'skipped')]
        : [],
  };
}

async function drift(store: OpenStore, { endpoint, monitors }: When<'drift'>, { from, to }: Span): Promise<Happened> {
  const alerts = await alertsOf(store, endpoint, from);
  const known = alerts.map(({ finding, ...alert }) => ({ ...alert, said: finding.said }));
  const isOpen = (now: Date) => (alert: DriftAlert & Pick<Alert, 'resolvedAt'>) =>
    alert.openedAt <= now && (alert.resolvedAt === null || alert.resolvedAt > now);
  return {
    moments: known.map(({ openedAt }) => openedAt).filter((at) => at <= to),
    openAt(now, answered) {
      const found = driftOccasion(monitors, known.filter(isOpen(now)), answered);
      return found === null ? [] : [found];
    },
  };
}

/** Those that were not over before the time began. */
async function alertsOf({ alerts }: OpenStore, endpoint: string, from: Date): Promise<Alert[]> {
  const found: Alert[] = [];
  for (let before: number | undefined; ; ) {
    const page = await alerts.listAlerts({ endpoint, limit: 500, ...(before !== undefined && { before }) });
    found.push(...page.filter(({ resolvedAt }) => resolvedAt === null || resolvedAt > from));
    if (page.length < 500) return found;
    before = page.at(-1)!.seq;
  }
}

async function performance(store: OpenStore, when: When<'performance'>, { from, to }: Span): Promise<Happened> {
  const all = await store.monitors.listResults({ endpoint: when.endpoint, from, limit: 10_000 });
  const results = all.filter(({ kind, at }) => kind === 'measured-accuracy' && at <= to).toReversed();
  return {
    moments: results.map(({ at }) => at),
    openAt(now) {
      const found = performanceOccasion(when, results.findLast(({ at }) => at <= now) ?? null);
      return found === null ? [] : [found];
    },
  };
}

/** Photos came when they were last changed, as far as the folder knows. */
async function newData(
  { triggers }: OpenStore,
  name: string,
  { folder, minPhotos }: When<'new-data'>,
): Promise<Happened> {
  const calls = await triggers.listFirings({ trigger: name, prefix: callPrefix, limit: 10_000 });
  const files = folder === null ? [] : await readWatchedFolder(name, folder);
  const arrivals = [
    ...calls.map(({ at, evidence }) => ({ at, photos: Number(evidence.photos ?? 0) })),
    ...files.map(({ changedMs }) => ({ at: new Date(Math.ceil(changedMs / 60_000) * 60_000), photos: 1 })),
  ];
  return {
    moments: arrivals.map(({ at }) => at),
    openAt(now, _, lastFired) {
      const fresh = arrivals.filter(({ at }) => at <= now && (lastFired === null || at > lastFired));
      const photos = fresh.reduce((sum, each) => sum + each.photos, 0);
      const since = lastFired === null ? '' : ` since ${lastFired.toISOString()}`;
      return photos < minPhotos ? [] : [occasion(`photos${since}`, `${photos} new photo(s)${since}`, 'held')];
    },
  };
}

async function releases(store: OpenStore, { environment }: When<'release'>, { from }: Span): Promise<Happened> {
  // one that was started by a trigger landed once, too
  const starts = (await store.releases.listStarts()).filter(({ runId }) => runId === null);
  return {
    moments: starts.map(({ at }) => at),
    openAt(now, answered) {
      const found = releaseOccasion(
        environment,
        from,
        starts.filter(({ at }) => at <= now),
      );
      return found === null || answered(found.key) ? [] : [found];
    },
  };
}

const occasion = (key: string, why: string, otherwise: Occasion['otherwise']): Occasion => ({
  key,
  why,
  evidence: {},
  otherwise,
  covers: [],
});
