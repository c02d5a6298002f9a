import { dayMs } from '../../codecs/duration.ts';
import {
  mostBuckets,
  type Series,
  type SeriesStep,
  type SeriesTraffic,
  seriesSteps,
} from '../../contracts/api/endpoints.ts';
import type { OpenStore } from '../../store/open-store.ts';
import type { BucketCount, TrafficBuckets } from '../../store/reports/contract.ts';
import { requireEndpoint } from './require-endpoint.ts';

export interface SeriesRequest {
  from?: Date | undefined;
  to?: Date | undefined;
  step?: SeriesStep | undefined;
  now: Date;
}

const mostLabels = 20;

/** Traffic of an endpoint over time, from hourly counts. @throws ENDPOINT_UNKNOWN */
export async function endpointSeries(
  store: Pick<OpenStore, 'endpoints' | 'reports'>,
  name: string,
  request: SeriesRequest,
): Promise<Series> {
  await requireEndpoint(store, name);
  const { from, to, stepS } = bucketsOf(request);
  const { counts, labels } = await store.reports.trafficBuckets(name, { from, to, stepS });
  const buckets = Math.round((to.getTime() - from.getTime()) / 1000 / stepS);
  const byVersion = Map.groupBy(counts, ({ modelName, modelVersion, role }) => `${modelName} ${modelVersion} ${role}`);
  return {
    endpoint: name,
    ...{ from, to, stepS },
    total: trafficOf(
      counts.filter(({ role }) => role !== 'shadow'),
      buckets,
    ),
    versions: [...byVersion.values()].map((own) => {
      const { modelName: model, modelVersion: version, role } = own[0]!;
      return { model, version, role, ...trafficOf(own, buckets) };
    }),
    labels: labelsOf(labels, buckets),
  };
}

/** Whole buckets, of which the last one holds `to`. */
function bucketsOf({ from, to, step, now }: SeriesRequest): { from: Date; to: Date; stepS: number } {
  const end = (to ?? now).getTime();
  const start = Math.min(from?.getTime() ?? end - 7 * dayMs, end - 1);
  const needed = (end - start) / 1000 / mostBuckets;
  const steps = Object.values(seriesSteps);
  const stepS = step ? seriesSteps[step] : (steps.find((each) => each >= needed) ?? steps.at(-1)!);
  const stepMs = 1000 * stepS;
  const last = Math.ceil(end / stepMs) * stepMs;
  const first = Math.max(Math.floor(start / stepMs) * stepMs, last - mostBuckets * stepMs);
  return { from: new Date(first), to: new Date(last), stepS };
}

function trafficOf(counts: readonly BucketCount[], buckets: number): SeriesTraffic {
  const sums = (field: 'photos' | 'answered' | 'failed' | 'refused' | 'uncertain' | 'outOfDistribution') => {
    const list = new Array<number>(buckets).fill(0);
    for (const { bucket, [field]: count } of counts) list[bucket]! += count;
    return list;
  };
  const steps = Array.from({ length: buckets }, () => new Map<number, number>());
  for (const { bucket, latencyStep, answered } of counts)
    steps[bucket]!.set(latencyStep, (steps[bucket]!.get(latencyStep) ?? 0) + answered);
  return {
    photos: sums('photos'),
    answered: sums('answered'),
    failed: sums('failed'),
    refused: sums('refused'),
    uncertain: sums('uncertain'),
    unlike: sums('outOfDistribution'),
    p50: steps.map((each) => latencyAt(each, 0.5)),
    p99: steps.map((each) => latencyAt(each, 0.99)),
  };
}

/** Geometric middle of the step with the quantile, milliseconds; null without a photo. @param steps photos by latency step */
function latencyAt(steps: ReadonlyMap<number, number>, quantile: number): number | null {
  const total = [...steps.values()].reduce((sum, count) => sum + count, 0);
  let left = Math.ceil(quantile * total);
  if (left === 0) return null;
  for (const [step, count] of [...steps].sort(([a], [b]) => a - b)) {
    left -= count;
    if (left <= 0) return Number((2 ** ((step + 0.5) / 8)).toPrecision(3));
  }
  return null;
}

function labelsOf(labels: TrafficBuckets['labels'], buckets: number): Series['labels'] {
  const byLabel = Map.groupBy(labels, ({ label }) => label);
  const all = [...byLabel].map(([label, counts]) => {
    const photos = new Array<number>(buckets).fill(0);
    for (const { bucket, photos: count } of counts) photos[bucket]! += count;
    return { label, photos, total: photos.reduce((sum, count) => sum + count, 0) };
  });
  return all
    .toSorted((a, b) => b.total - a.total)
    .slice(0, mostLabels)
    .map(({ label, photos }) => ({ label, photos }));
}
