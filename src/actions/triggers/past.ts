import type { Alert } from '../../contracts/loop/alert.ts';
import { type EventKey, eventKey } from '../../contracts/loop/event-key.ts';
import type { MonitorResult } from '../../contracts/loop/monitor.ts';
import type { StoredTrigger } from '../../contracts/loop/trigger.ts';
import { MitateError } from '../../errors/index.ts';
import { type DriftAlert, driftEvent } from '../../feedback/triggers/drift.ts';
import { endpointOf } from '../../feedback/triggers/endpoint-of.ts';
import { firstAfter } from '../../feedback/triggers/first-after.ts';
import type { Past } from '../../feedback/triggers/look-back.ts';
import { accuracyEvent } from '../../feedback/triggers/performance.ts';
import { releaseEvent } from '../../feedback/triggers/release.ts';
import { momentKey, momentsUntil, scheduleText } from '../../feedback/triggers/schedule.ts';
import type { TriggerEvent } from '../../feedback/triggers/trigger-event.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { readWatchedFolder } from './watched-folder.ts';

type Facets = Pick<OpenStore, 'alerts' | 'monitors' | 'releases' | 'triggers'>;

type Span = { from: Date; to: Date };
type When<K> = Extract<StoredTrigger['when'], { kind: K }>;
type Happened = Omit<Past, 'labels'>;

/** Reads a period from the store and the watched folder. */
export async function readPast(store: Facets, trigger: StoredTrigger, span: Span): Promise<Past> {
  const labels = await store.triggers.labelMoments({ endpoint: endpointOf(trigger), ...span });
  return { ...(await happened(store, trigger, span)), labels };
}

async function happened(store: Facets, trigger: StoredTrigger, span: Span): Promise<Happened> {
  const { when } = trigger;
  switch (when.kind) {
    case 'schedule':
      return schedule(trigger.name, when, span);
    case 'drift':
      return await drift(store, when, span);
    case 'performance':
      return await performance(store, when, span);
    case 'new-data':
      return await newData(store, trigger.name, when, span);
    case 'release':
      return await releases(store, when, span);
    case 'demand':
      return { moments: [], openAt: () => [] };
  }
}

/** 20,000 moments take croner 1 s, during which a server cannot answer. */
const mostMoments = 20_000;

function schedule(trigger: string, when: When<'schedule'>, { from, to }: Span): Happened {
  const moments = momentsUntil(when, from, to, mostMoments + 1);
  if (moments.length > mostMoments)
    throw new MitateError('TRIGGER_LOOK_BACK_TOO_LONG', { trigger, limit: mostMoments });
  const times = new Set(moments.map((moment) => moment.getTime()));
  return {
    moments,
    openAt: (now) =>
      times.has(now.getTime()) ? [event(momentKey(now), `${scheduleText(when)}: ${now.toISOString()}`, 'skipped')] : [],
  };
}

async function drift(
  store: Pick<OpenStore, 'alerts'>,
  { endpoint, monitors }: When<'drift'>,
  { from, to }: Span,
): Promise<Happened> {
  const alerts = await alertsOf(store, endpoint, from);
  const known = alerts.map(({ finding, ...alert }) => ({ ...alert, found: finding.said }));
  const isOpen = (now: Date) => (alert: DriftAlert & Pick<Alert, 'resolvedAt'>) =>
    alert.openedAt <= now && (alert.resolvedAt === null || alert.resolvedAt > now);
  return {
    moments: known.map(({ openedAt }) => openedAt).filter((at) => at <= to),
    openAt(now, answered) {
      const found = driftEvent(monitors, known.filter(isOpen(now)), answered);
      return found === null ? [] : [found];
    },
  };
}

/** Alerts that were not resolved before the period began. */
async function alertsOf({ alerts }: Pick<OpenStore, 'alerts'>, endpoint: string, from: Date): Promise<Alert[]> {
  const found: Alert[] = [];
  for (let before: number | undefined; ; ) {
    const page = await alerts.listAlerts({ endpoint, limit: 500, ...(before !== undefined && { before }) });
    found.push(...page.filter(({ resolvedAt }) => resolvedAt === null || resolvedAt > from));
    if (page.length < 500) return found;
    before = page.at(-1)!.seq;
  }
}

/** The newest result of each monitor counts, as in the tick. */
async function performance(
  store: Pick<OpenStore, 'monitors'>,
  when: When<'performance'>,
  span: Span,
): Promise<Happened> {
  const monitors = await store.monitors.listMonitors({ endpoint: when.endpoint });
  const measuring = monitors.filter(({ kind }) => kind === 'measured-accuracy');
  const byMonitor = await Promise.all(measuring.map(({ name }) => resultsOf(store, name, span)));
  return {
    moments: byMonitor.flat().map(({ at }) => at),
    openAt: (now) =>
      byMonitor
        .flatMap((results) => results.findLast(({ at }) => at <= now) ?? [])
        .toSorted((a, b) => b.windowEnd.getTime() - a.windowEnd.getTime())
        .flatMap((newest) => accuracyEvent(when, newest) ?? []),
  };
}

const pageRows = 1_000;

/** Ascending. */
async function resultsOf(
  { monitors }: Pick<OpenStore, 'monitors'>,
  monitor: string,
  { from, to }: Span,
): Promise<MonitorResult[]> {
  const found: MonitorResult[] = [];
  for (let before: number | undefined; ; ) {
    const page = await monitors.listResults({
      monitor,
      from,
      limit: pageRows,
      ...(before !== undefined && { before }),
    });
    found.push(...page.filter(({ at }) => at > from && at <= to));
    if (page.length < pageRows) return found.toReversed();
    before = page.at(-1)!.seq;
  }
}

/** A photo's arrival is its time of change; photos from before the period are not new. */
async function newData(
  { triggers }: Pick<OpenStore, 'triggers'>,
  name: string,
  { folder, minPhotos }: When<'new-data'>,
  { from }: Span,
): Promise<Happened> {
  const calls = await triggers.listFirings({ trigger: name, kind: 'call', limit: 10_000 });
  const files = folder === null ? [] : await readWatchedFolder(name, folder);
  const arrivals = [
    ...calls.map(({ at, evidence }) => ({ at, photos: Number(evidence.photos ?? 0) })),
    ...files.map(({ changedMs }) => ({ at: new Date(Math.ceil(changedMs / 60_000) * 60_000), photos: 1 })),
  ]
    .filter(({ at }) => at > from)
    .toSorted((a, b) => a.at.getTime() - b.at.getTime());
  const cameUntil = runningSum(arrivals);
  return {
    moments: arrivals.map(({ at }) => at),
    openAt(now, _, lastFired) {
      const photos = cameUntil(now) - (lastFired === null ? 0 : cameUntil(lastFired));
      const since = lastFired === null ? '' : ` since ${lastFired.toISOString()}`;
      return photos < minPhotos
        ? []
        : [event(eventKey('folder', `photos${since}`), `${photos} new photo(s)${since}`, 'held')];
    },
  };
}

/** Photos that arrived up to a moment. */
function runningSum(arrivals: readonly { at: Date; photos: number }[]): (moment: Date) => number {
  const times = arrivals.map(({ at }) => at);
  const sums = [0];
  for (const { photos } of arrivals) sums.push(sums.at(-1)! + photos);
  return (moment) => sums[firstAfter(times, moment)] ?? 0;
}

async function releases(
  store: Pick<OpenStore, 'releases'>,
  { environment }: When<'release'>,
  { from }: Span,
): Promise<Happened> {
  // a release that was started by a trigger was deployed before
  const starts = (await store.releases.listStarts()).filter(({ runId }) => runId === null);
  return {
    moments: starts.map(({ at }) => at),
    openAt(now, answered) {
      const found = releaseEvent(
        environment,
        from,
        starts.filter(({ at }) => at <= now),
      );
      return found === null || answered(found.key) ? [] : [found];
    },
  };
}

const event = (key: EventKey, why: string, otherwise: TriggerEvent['otherwise']): TriggerEvent => ({
  key,
  why,
  evidence: {},
  otherwise,
  covers: [],
});
