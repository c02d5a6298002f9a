import type { Dimensions } from '../../contracts/api/dimensions.ts';
import type { Topic } from '../../contracts/api/events.ts';
import type { Hit } from '../../contracts/api/overview.ts';
import type { DeploymentRole } from '../../contracts/endpoint.ts';

/** Traffic of one endpoint on one day (UTC), without shadows. */
export interface TrafficDay {
  endpoint: string;
  /** `2026-11-23`. */
  day: string;
  photos: number;
  /** Status 500 or above; and 400 to 499. */
  failed: number;
  refused: number;
  uncertain: number;
  outOfDistribution: number;
}

export interface TrafficTotals {
  endpoint: string;
  photos: number;
  /** Of successful photos, milliseconds; null without any. */
  latencyP50: number | null;
  latencyP99: number | null;
  /** Time in inference processes, including shadows, seconds. */
  inferenceS: number;
  /** Photos per predicted label, most first, at most 20. */
  labels: { label: string; photos: number }[];
  /** Photos whose truth is known. */
  labelled: number;
}

/** Of one version and role in one bucket, by latency. */
export interface BucketCount {
  /** From 0. */
  bucket: number;
  modelName: string;
  modelVersion: number | null;
  role: DeploymentRole;
  /** 2^(step / 8) milliseconds and more, below the next. */
  latencyStep: number;
  photos: number;
  answered: number;
  failed: number;
  refused: number;
  uncertain: number;
  outOfDistribution: number;
}

export interface TrafficBuckets {
  counts: BucketCount[];
  /** Without shadows. */
  labels: { bucket: number; label: string; photos: number }[];
}

/** `day`: since the given time. */
export interface LoopNow {
  newPhotos: number;
  running: number;
  succeededDay: number;
  failedDay: number;
  versions: number;
  blessed: number;
  newVersions: number;
  endpointChanges: number;
  promotions: number;
  photosDay: number;
  failedPhotos: number;
  uncertain: number;
  unlike: number;
  labelsDay: number;
  eventsDay: number;
  waiting: number;
  results: number;
  opened: number;
  fired: number;
  lastFiredAt: Date | null;
  newestVersion: { model: string; version: number; blessed: boolean; accuracy: number | null } | null;
}

/** Time of pipeline steps. */
export interface StepCost {
  pipeline: string;
  step: string;
  executions: number;
  cached: number;
  seconds: number;
}

/** Photos of one endpoint with a label or verdict, which agree in these fields. */
export interface LabelledCount {
  endpoint: string;
  /** The photo is older than the period; its first label is not. */
  isEarlier: boolean;
  /** The answer was the label. */
  isRight: boolean;
  /** In a share over all photos; 0 = picked for review. @see Truth */
  weight: number;
  /** Grade 0..5 of the label that counts; null = not graded. */
  severity: number | null;
  photos: number;
}

/** What the loop has done so far, as far as it is on record. */
export interface LoopCounts {
  promotions: { endpoint: string; state: string; count: number }[];
  firings: { trigger: string; state: string; count: number; lastAt: Date }[];
  /** Of runs that succeeded, the newest of each pipeline. */
  durations: { pipeline: string; seconds: number }[];
}

/** Aggregates over a period, computed by the database. */
export interface ReportStore {
  /** Counts of an endpoint's photos in buckets of `stepS` seconds from `from` on, shadows included. */
  trafficBuckets(endpoint: string, period: { from: Date; to: Date; stepS: number }): Promise<TrafficBuckets>;
  /** Every part of the loop in numbers: now, and since then. */
  loopNow(since: Date): Promise<LoopNow>;
  /** Things whose name has the text in it, at most five of each kind. */
  search(text: string): Promise<Hit[]>;
  /** Per topic, a text that differs once something of it has changed. */
  watermarks(): Promise<Record<Topic, string>>;
  trafficDays(from: Date, to: Date): Promise<TrafficDay[]>;
  trafficTotals(from: Date, to: Date): Promise<TrafficTotals[]>;
  /** Of photos of the period, whenever their label came, and of earlier photos whose first label came in the period. Failed photos and shadows do not count. */
  labelledCounts(from: Date, to: Date): Promise<LabelledCount[]>;
  /** Of runs that began in that period; longest first. */
  stepCosts(from: Date, to: Date): Promise<StepCost[]>;
  /** Also of endpoints and deployments that are gone: the log refers to them. */
  dimensions(): Promise<Dimensions>;
  loopCounts(): Promise<LoopCounts>;
}
