import type {
  Finding,
  Monitor,
  MonitorKind,
  MonitorWindow,
  Observation,
  WindowCounts,
} from '../../contracts/monitor.ts';
import { Random } from '../../math/stats/random.ts';
import type { MonitorStore } from '../../store/monitor-store.ts';
import { type MonitorDefinition, runCheck } from '../monitors/monitor-kind.ts';
import { monitorTable } from '../monitors/table.ts';
import { asksReference, withOwnNumbers } from '../own-numbers.ts';
import { openReference, type ReferenceRead } from './open-reference.ts';
import type { ServedEndpoint } from './served-endpoint.ts';
import type { Scope, WindowReader } from './window-reader.ts';

/** Of the service, not of a version's answers. */
const ofAnyVersion: ReadonlySet<MonitorKind> = new Set(['error-rate', 'latency', 'traffic-absent']);
/** Exact on the whole window, however large. */
const counting: ReadonlySet<MonitorKind> = new Set(['positive-rate', 'error-rate', 'traffic-absent']);
/** Silence is told from a service that nobody uses yet by the month before. */
const lookBackMs = 30 * 86_400_000;

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
  const needs = definition.isDrift || asksReference(kind, monitor.parameters);
  const reference = needs ? await openReference(monitor, served, scope, window, reader) : null;
  if (reference?.missing) return notEnough(reference.missing);
  const given = withOwnNumbers(kind, monitor.parameters, reference?.observations ?? [], minSamples);
  if (given === null) return notEnough('its reference has too few answered photos to take a number from');
  const counts = counting.has(kind)
    ? await monitors.countWindow({ ...scope, ...window }, Number(given.above ?? 0.5))
    : undefined;
  if (kind === 'traffic-absent' && (await isUnused(scope, window, counts!, monitors)))
    return notEnough('no request has come yet');
  const read = await reader.read(kind, scope, window);
  const seed = `${monitor.name}:${window.end.toISOString()}`;
  const parameters = definition.parameters.parse(given);
  const tested = await withNull(definition, parameters, read.observations, reference, minSamples, context, seed);
  const finding = runCheck(definition, minSamples, {
    reference: definition.isDrift ? reference!.observations : [],
    parameters,
    seed,
    alpha,
    counts,
    ...tested,
  });
  return {
    ...finding,
    details: { ...finding.details, read: readDetails(served, scope, read.total, tested.window.length) },
  };
}

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

/** Window sizes for which nulls are kept: steps of the square root of 2. */
const nullSizes = Array.from({ length: 12 }, (_, step) => Math.round(25 * 2 ** (step / 2)));

/** A kind with a null of its own judges as many observations as one is kept for; it is made once per reference and size. */
async function withNull(
  definition: MonitorDefinition,
  parameters: unknown,
  observations: readonly Observation[],
  reference: ReferenceRead | null,
  minSamples: number,
  { monitors, now }: JudgeContext,
  seed: string,
): Promise<{ window: readonly Observation[]; nullDistribution?: Float64Array }> {
  if (!definition.nullOf || reference === null) return { window: observations };
  const used = observations.filter(definition.uses);
  const usable = reference.observations.filter(definition.uses);
  if (used.length === 0 || Math.min(used.length, usable.length) < minSamples) return { window: used };
  const size = nullSizes.findLast((each) => each <= used.length) ?? used.length;
  const key = { reference: reference.key, kind: definition.kind, parameters: JSON.stringify(parameters), size };
  let nullDistribution = await monitors.getNull(key);
  if (nullDistribution === null) {
    nullDistribution = definition.nullOf(usable, size, reference.key);
    await monitors.putNull(key, nullDistribution, now);
  }
  return { window: sample(used, size, seed), nullDistribution };
}

function sample(observations: readonly Observation[], size: number, seed: string): readonly Observation[] {
  return observations.length <= size ? observations : new Random(seed).shuffle([...observations]).slice(0, size);
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
