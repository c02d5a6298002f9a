import { dayMs } from '../../codecs/duration.ts';
import type { Finding, Monitor, MonitorKind, MonitorWindow, WindowCounts } from '../../contracts/loop/monitor.ts';
import { answerLabels } from '../../inference/answer.ts';
import type { MonitorStore, WindowRead } from '../../store/monitors/contract.ts';
import { runCheck } from '../monitors/monitor-kind.ts';
import { monitorTable } from '../monitors/table.ts';
import { asksReference, withOwnNumbers } from '../own-numbers.ts';
import { byAnswer } from './by-answer.ts';
import { openReference } from './open-reference.ts';
import type { ServedEndpoint } from './served-endpoint.ts';
import { usualOf } from './usual-statistic.ts';
import type { Scope, WindowReader } from './window-reader.ts';

/** Of the service, not of a version's answers. */
const ofAnyVersion: ReadonlySet<MonitorKind> = new Set(['error-rate', 'latency', 'traffic-absent']);
/** Exact on the whole window, however large. */
const counting: ReadonlySet<MonitorKind> = new Set(['positive-rate', 'error-rate', 'traffic-absent']);
/** Depend on what the model was asked. */
const asksTask: ReadonlySet<MonitorKind> = new Set(['positive-rate', 'estimated-accuracy']);
/** Silence is told from a service that nobody uses yet by the month before. */
const lookBackMs = 30 * dayMs;

export interface JudgeContext {
  monitors: MonitorStore;
  served: ServedEndpoint;
  reader: WindowReader;
  /** Chance of a breach without a change, 0..1. */
  alpha: number;
  now: Date;
}

/** What a monitor finds in a window of the request log. */
export async function judgeWindow(monitor: Monitor, window: MonitorWindow, context: JudgeContext): Promise<Finding> {
  const { served, reader, monitors, alpha } = context;
  const { kind, minSamples } = monitor;
  const definition = monitorTable[kind];
  const scope = scopeOf(monitor, served);
  const signature = asksTask.has(kind) ? await served.signature() : null;
  if (kind === 'positive-rate' && signature?.task.kind === 'multiclass')
    return notEnough('a model of several labels has no positive answer: "label-drift" watches its labels');
  const needs = definition.isDrift || asksReference(kind, monitor.parameters);
  const reference = needs ? await openReference(monitor, served, scope, window, reader) : null;
  if (reference?.missing) return notEnough(reference.missing);
  const given = withOwnNumbers(kind, monitor.parameters, reference?.observations ?? [], minSamples);
  if (given === null) return notEnough('its reference has too few answered photos to take a number from');
  const counts = counting.has(kind)
    ? await reader.count({ ...scope, ...window }, Number(given.above ?? 0.5))
    : undefined;
  if (kind === 'traffic-absent' && (await isUnused(scope, window, counts!, monitors)))
    return notEnough('no request has come, nor in the month before');
  const read = kind === 'traffic-absent' ? nothing(counts!) : await reader.read(kind, scope, window);
  const observations = signature ? byAnswer(read.observations, signature) : read.observations;
  const seed = `${monitor.name}:${window.end.toISOString()}`;
  const parameters = definition.parameters.parse(given);
  const chance: number[] = [];
  // absence is no lack of data
  const fewest = kind === 'traffic-absent' ? 0 : minSamples;
  const finding = runCheck(definition, fewest, {
    reference: definition.isDrift ? reference!.observations : [],
    window: observations,
    counts,
    parameters,
    ...(signature && { labels: answerLabels(signature) }),
    seed,
    alpha,
    onChance: (statistic) => chance.push(statistic),
  });
  const details: Record<string, unknown> = {
    ...finding.details,
    read: readDetails(served, scope, read.total, observations.length),
  };
  if (chance.length > 0) {
    const size = observations.filter(definition.uses).length;
    details.usual = await usualOf({ reference: reference!.key, kind, parameters, size }, chance, context);
  }
  return { ...finding, details };
}

/** Absence needs no rows. */
const nothing = ({ requests }: WindowCounts): WindowRead => ({ observations: [], total: requests });

/** Rows that a monitor looks at: of the version that answers now, unless it watches the service. */
export function scopeOf({ kind, endpoint, slice }: Monitor, { version }: Pick<ServedEndpoint, 'version'>): Scope {
  return {
    endpoint,
    ...(slice && { slice }),
    ...(!ofAnyVersion.has(kind) && { model: { name: version.name, version: version.version } }),
  };
}

async function isUnused(
  scope: Scope,
  { start }: MonitorWindow,
  { requests }: WindowCounts,
  monitors: MonitorStore,
): Promise<boolean> {
  if (requests > 0) return false;
  const newest = await monitors.newestWindow({ ...scope, end: start }, 1);
  return newest === null || newest.start.getTime() < start.getTime() - lookBackMs;
}

function readDetails({ version }: ServedEndpoint, scope: Scope, requests: number, judged: number) {
  return { model: scope.model ? `${version.name}@${version.version}` : null, requests, judged };
}

/** "Not enough data" is a state of its own: neither well nor unwell. */
export function notEnough(said: string): Finding {
  return {
    state: 'not-enough-data',
    statistic: null,
    p: null,
    threshold: null,
    interval: null,
    said,
    movers: [],
    details: {},
  };
}
