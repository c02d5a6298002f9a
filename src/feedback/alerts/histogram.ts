import type { AlertHistogram } from '../../contracts/api/alerts.ts';
import type { Finding, MonitorKind, Observation } from '../../contracts/loop/monitor.ts';
import { quantile } from '../../math/stats/bootstrap.ts';

type Measure =
  | { of: string; kind: 'names'; read: (each: Observation) => readonly string[] }
  | { of: string; kind: 'numbers'; read: (each: Observation) => number | null; range?: [number, number] };

const score: Measure = { of: 'score', kind: 'numbers', read: ({ score }) => score, range: [0, 1] };
const distance: Measure = { of: 'distance', kind: 'numbers', read: (each) => each.outOfDistributionScore };

const measures: Partial<Record<MonitorKind, Measure>> = {
  'positive-rate': score,
  'prediction-drift': score,
  'estimated-accuracy': score,
  abstain: score,
  'label-drift': { of: 'label', kind: 'names', read: ({ label }) => (label === null ? [] : [label]) },
  'quality-hints': { of: 'quality', kind: 'names', read: ({ quality }) => (quality.length === 0 ? ['none'] : quality) },
  'embedding-drift': distance,
  'embedding-mmd': distance,
  'out-of-distribution': distance,
  latency: { of: 'latency', kind: 'numbers', read: ({ latencyMs }) => latencyMs },
};

/** What a monitor's histogram is of; null for monitors that compare no distribution. */
function measureOf(kind: MonitorKind, { details }: Finding): Measure | null {
  if (kind !== 'image-properties') return measures[kind] ?? null;
  const moves = Array.isArray(details.properties) ? (details.properties as { name: string; distance: number }[]) : [];
  const [largest] = moves.toSorted((a, b) => b.distance - a.distance);
  if (largest === undefined) return null;
  return { of: largest.name, kind: 'numbers', read: ({ properties }) => properties?.[largest.name] ?? null };
}

const binCount = 20;
const mostNames = 20;

/**
 * Shares of what the monitor measures, in its reference and in its window, over the same bins.
 * @returns null when the kind compares no distribution, or either has no photo
 */
export function histogramOf(
  kind: MonitorKind,
  finding: Finding,
  reference: readonly Observation[],
  window: readonly Observation[],
): AlertHistogram | null {
  const measure = measureOf(kind, finding);
  if (measure === null) return null;
  const drawn =
    measure.kind === 'names' ? ofNames(measure.read, reference, window) : ofNumbers(measure, reference, window);
  return drawn && { of: measure.of, ...drawn };
}

type Drawn = Omit<AlertHistogram, 'of'>;

function ofNames(
  read: (each: Observation) => readonly string[],
  reference: readonly Observation[],
  window: readonly Observation[],
): Drawn | null {
  const [before, now] = [reference, window].map((each) => each.map(read).filter((names) => names.length > 0));
  if (before!.length === 0 || now!.length === 0) return null;
  const shareOf = (all: readonly (readonly string[])[], name: string) =>
    all.filter((names) => names.includes(name)).length / all.length;
  const names = [...new Set([...before!, ...now!].flat())]
    .toSorted((a, b) => shareOf(now!, b) + shareOf(before!, b) - shareOf(now!, a) - shareOf(before!, a))
    .slice(0, mostNames);
  return {
    bins: names.map((label) => ({ label, low: null, high: null })),
    reference: names.map((name) => shareOf(before!, name)),
    window: names.map((name) => shareOf(now!, name)),
    referencePhotos: before!.length,
    windowPhotos: now!.length,
  };
}

/** Of equal width; values outside the middle 99 % are in the outermost bins. */
function ofNumbers(
  { read, range }: Extract<Measure, { kind: 'numbers' }>,
  reference: readonly Observation[],
  window: readonly Observation[],
): Drawn | null {
  const [before, now] = [reference, window].map((all) =>
    all.map(read).filter((value) => value !== null && Number.isFinite(value)),
  ) as [number[], number[]];
  if (before.length === 0 || now.length === 0) return null;
  const [low, high] = range ?? middleOf([...before, ...now]);
  const width = (high - low) / binCount || 1;
  const binOf = (value: number) => Math.min(binCount - 1, Math.max(0, Math.floor((value - low) / width)));
  const shares = (values: readonly number[]) => {
    const counts = new Array<number>(binCount).fill(0);
    for (const value of values) counts[binOf(value)]! += 1;
    return counts.map((count) => count / values.length);
  };
  return {
    bins: Array.from({ length: binCount }, (_, i) => ({
      label: null,
      low: low + i * width,
      high: low + (i + 1) * width,
    })),
    reference: shares(before),
    window: shares(now),
    referencePhotos: before.length,
    windowPhotos: now.length,
  };
}

function middleOf(values: readonly number[]): [number, number] {
  const sorted = Float64Array.from(values).sort();
  return [quantile(sorted, 0.005), quantile(sorted, 0.995)];
}
