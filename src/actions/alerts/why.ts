import { readReferenceObservations } from '../../artifacts/model/read-reference-observations.ts';
import { dayMs } from '../../codecs/duration.ts';
import type { AlertCause, AlertHistogram } from '../../contracts/api/alerts.ts';
import type { Deployment, EndpointEvent } from '../../contracts/endpoint.ts';
import type { Alert } from '../../contracts/loop/alert.ts';
import {
  type MonitorResult,
  monitorKinds,
  type Observation,
  type StoredMonitor,
} from '../../contracts/loop/monitor.ts';
import type { ModelVersion } from '../../contracts/model.ts';
import { histogramOf } from '../../feedback/alerts/histogram.ts';
import { movedAttributes } from '../../feedback/alerts/moved-attributes.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { requireAlert } from './alert.ts';

/** What is needed to judge an alert. */
export interface AlertWhy {
  alert: Alert;
  monitor: StoredMonitor | null;
  /** `leaf-health@2`: the version that was judged; null = the service, or the version is gone. */
  model: string | null;
  /** Oldest first. */
  series: (Pick<MonitorResult, 'windowStart' | 'windowEnd' | 'state'> &
    Pick<MonitorResult['finding'], 'statistic' | 'p' | 'threshold' | 'interval' | 'said'>)[];
  histogram: AlertHistogram | null;
  /** Newest first. */
  changes: AlertCause[];
}

type Facets = Pick<OpenStore, 'alerts' | 'project' | 'monitors' | 'endpoints' | 'findVersion'>;

const mostResults = 120;
/** Enough for a histogram of 20 bins, and read in 0.2 s. */
const mostRead = 2_000;
const mostEvents = 200;

/** @throws ALERT_UNKNOWN, MODEL_REFERENCE_INVALID */
export async function alertWhy(store: Facets, idOrMonitor: string): Promise<AlertWhy> {
  const alert = await requireAlert(store, idOrMonitor);
  const monitor = await store.monitors.getMonitor(alert.monitor);
  const lengthMs = alert.windowEnd.getTime() - alert.windowStart.getTime();
  const scope = { endpoint: alert.endpoint, ...(monitor?.slice && { slice: monitor.slice }) };
  const rows = async (start: Date, end: Date, model?: { name: string; version: number }) =>
    (await store.monitors.readWindow({ ...scope, start, end, model }, mostRead)).observations;
  const earlier = new Date(alert.windowStart.getTime() - lengthMs);
  const [now, before] = [await rows(alert.windowStart, alert.windowEnd), await rows(earlier, alert.windowStart)];
  const model = await modelOf(store, alert);
  return {
    alert,
    monitor,
    model: model && `${model.name}@${model.version}`,
    series: await seriesOf(store, alert),
    histogram: await compared(store, { alert, monitor, model, now, before, rows }),
    changes: [
      ...movedAttributes(before, now).map(({ name, said }) => ({
        ...{ at: null, kind: 'attribute' as const, what: name, said, who: null },
      })),
      ...(await eventsSince(store, alert.endpoint, earlier, alert.openedAt)),
    ],
  };
}

async function seriesOf({ monitors }: Facets, { monitor, resolvedAt }: Alert): Promise<AlertWhy['series']> {
  const newest = await monitors.listResults({ monitor, limit: 4 * mostResults });
  const until = resolvedAt === null ? Number.POSITIVE_INFINITY : resolvedAt.getTime() + 7 * dayMs;
  const shown = newest.filter(({ windowEnd }) => windowEnd.getTime() <= until).slice(0, mostResults);
  return shown
    .toReversed()
    .map(({ windowStart, windowEnd, state, finding: { statistic, p, threshold, interval, said } }) => ({
      ...{ windowStart, windowEnd, state, statistic, p, threshold, interval, said },
    }));
}

interface Compared {
  alert: Alert;
  monitor: StoredMonitor | null;
  model: ModelVersion | null;
  now: readonly Observation[];
  before: readonly Observation[];
  rows: (start: Date, end: Date, model?: { name: string; version: number }) => Promise<Observation[]>;
}

async function compared(
  store: Facets,
  { alert, monitor, model, now, before, rows }: Compared,
): Promise<AlertHistogram | null> {
  const kind = monitorKinds.find((each) => each === alert.kind);
  if (kind === undefined) return null;
  const window = model === null ? now : await rows(alert.windowStart, alert.windowEnd, model);
  return histogramOf(kind, alert.finding, await reference(), window);

  async function reference(): Promise<readonly Observation[]> {
    const from = monitor?.reference.from ?? 'model';
    if (from === 'window' && monitor?.reference.from === 'window')
      return await rows(new Date(monitor.reference.start), new Date(monitor.reference.end));
    // a service has no training photos to be compared with
    if (model === null || from === 'first-days') return before;
    const { artifactUri } = model;
    const endpoint = await store.endpoints.getEndpoint(alert.endpoint);
    return await readReferenceObservations(artifactUri, endpoint?.settings);
  }
}

/** The version that the monitor judged; null for monitors of the service, and when it is gone. */
async function modelOf({ findVersion }: Facets, { finding: { details } }: Alert) {
  const { model } = (details.read ?? {}) as { model?: string | null };
  return typeof model === 'string' ? await findVersion(model) : null;
}

async function eventsSince({ endpoints }: Facets, endpoint: string, from: Date, to: Date): Promise<AlertCause[]> {
  const events = await endpoints.endpointTimeline(endpoint, { limit: mostEvents });
  return events
    .filter(({ at, action }) => at >= from && at <= to && action !== 'ready')
    .map(({ at, action, who, why, before, after }) => {
      const isSettings = action === 'set' || action === 'create';
      const said = isSettings ? changedSettings(before, after) : planText(after);
      return {
        ...{ at, kind: isSettings ? ('settings' as const) : ('deployment' as const), what: action, who },
        said: [said, why].filter(Boolean).join('. '),
      };
    });
}

function planText(plan: EndpointEvent['after']): string {
  if (!Array.isArray(plan)) return '';
  return (plan as Deployment[])
    .map(({ modelName, version, role, traffic }) => `${modelName}@${version} ${role} ${traffic} %`)
    .join(', ');
}

function changedSettings(before: unknown, after: unknown): string {
  const [was, is] = [before, after].map((each) => (each ?? {}) as Record<string, unknown>);
  const names = [...new Set([...Object.keys(was!), ...Object.keys(is!)])];
  const text = (value: unknown) => (value === undefined ? 'default' : JSON.stringify(value));
  return names
    .filter((name) => text(was![name]) !== text(is![name]))
    .map((name) => `${name} ${text(was![name])} -> ${text(is![name])}`)
    .join(', ');
}
