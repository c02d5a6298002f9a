import { answerLabels } from '../../artifacts/model/answer.ts';
import { dayMs } from '../../codecs/duration.ts';
import type { Finding, Monitor, MonitorKind, MonitorWindow, WindowCounts } from '../../contracts/loop/monitor.ts';
import type { MonitorStore, WindowRead } from '../../store/monitors/contract.ts';
import { notEnoughData, runCheck } from '../monitors/monitor-kind.ts';
import { monitorTable } from '../monitors/table.ts';
import { usesReference, withReferenceNumber } from '../own-numbers.ts';
import { byAnswer } from './by-answer.ts';
import { openReference } from './open-reference.ts';
import type { ServedEndpoint } from './served-endpoint.ts';
import { usualOf } from './usual-statistic.ts';
import type { Scope, WindowReader } from './window-reader.ts';

/** These watch the service, not one version. */
const ofAnyVersion: ReadonlySet<MonitorKind> = new Set(['error-rate', 'latency', 'traffic-absent']);
/** These use exact counts of the whole window. */
const counting: ReadonlySet<MonitorKind> = new Set(['positive-rate', 'error-rate', 'traffic-absent']);
/** These depend on the model's task. */
const asksTask: ReadonlySet<MonitorKind> = new Set(['positive-rate', 'estimated-accuracy', 'calibration']);
/** Without requests in the month before, an endpoint counts as not in use yet. */
const lookBackMs = 30 * dayMs;

export interface JudgeContext {
  monitors: Pick<MonitorStore, 'newestWindow' | 'getNull' | 'putNull'>;
  served: ServedEndpoint;
  reader: WindowReader;
  /** Probability of a breach without a change, 0..1. */
  alpha: number;
  now: Date;
}

/** Runs a monitor on a window of the request log. */
export async function judgeWindow(monitor: Monitor, window: MonitorWindow, context: JudgeContext): Promise<Finding> {
  const { served, reader, monitors, alpha } = context;
  const { kind, minSamples } = monitor;
  const definition = monitorTable[kind];
  const scope = scopeOf(monitor, served);
  const signature = asksTask.has(kind) ? await served.signature() : null;
  if (kind === 'positive-rate' && signature?.task.kind === 'multiclass')
    return notEnoughData('a multi-class model has no positive answer; use "label-drift"');
  const needs = definition.isDrift || usesReference(kind, monitor.parameters);
  const reference = needs ? await openReference(monitor, served, scope, window, reader) : null;
  if (reference?.missing) return notEnoughData(reference.missing);
  const given = withReferenceNumber(kind, monitor.parameters, reference?.observations ?? [], minSamples);
  if (given === null) return notEnoughData('the reference has too few answered photos to derive a number from');
  const counts = counting.has(kind)
    ? await reader.count({ ...scope, ...window }, Number(given.above ?? 0.5))
    : undefined;
  if (kind === 'traffic-absent' && (await isUnused(scope, window, counts!, monitors)))
    return notEnoughData('no requests in the window or the month before it');
  const read = kind === 'traffic-absent' ? emptyRead(counts!) : await reader.read(kind, scope, window);
  const seed = `${monitor.name}:${window.end.toISOString()}`;
  const parameters = definition.parameters.parse(given);
  const answers = signature ? byAnswer(read.observations, signature) : read.observations;
  const settledMs = window.end.getTime() - (definition.settlesMs?.(parameters) ?? 0);
  const observations = answers.filter(({ atMs }) => atMs < settledMs);
  const nullStatistics: number[] = [];
  // for it, an empty window is data
  const fewest = kind === 'traffic-absent' ? 0 : minSamples;
  const finding = runCheck(definition, fewest, {
    reference: definition.isDrift ? reference!.observations : [],
    window: observations,
    counts,
    parameters,
    ...(signature && { labels: answerLabels(signature) }),
    ...(kind === 'estimated-accuracy' && { changed: await served.changedAnswers() }),
    seed,
    alpha,
    onChance: (statistic) => nullStatistics.push(statistic),
  });
  const details: Record<string, unknown> = {
    ...finding.details,
    read: readDetails(served, scope, read.total, observations.length),
  };
  if (nullStatistics.length > 0) {
    const size = observations.filter(definition.uses).length;
    details.usual = await usualOf({ reference: reference!.key, kind, parameters, size }, nullStatistics, context);
  }
  return { ...finding, details };
}

/** Counts are enough for `traffic-absent`. */
const emptyRead = ({ requests }: WindowCounts): WindowRead => ({ observations: [], total: requests });

/** Rows of the log that a monitor reads: those of the stable version, unless it watches the service. */
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
  monitors: Pick<MonitorStore, 'newestWindow'>,
): Promise<boolean> {
  if (requests > 0) return false;
  const newest = await monitors.newestWindow({ ...scope, end: start }, 1);
  return newest === null || newest.start.getTime() < start.getTime() - lookBackMs;
}

function readDetails({ version }: ServedEndpoint, scope: Scope, requests: number, judged: number) {
  return { model: scope.model ? `${version.name}@${version.version}` : null, requests, judged };
}
