/** What one endpoint did on one day (UTC). Shadows are not counted: nobody waits for them. */
export interface TrafficDay {
  endpoint: string;
  /** `2026-11-23`. */
  day: string;
  photos: number;
  /** Answered with 500 or above; and with 400 to 499. */
  failed: number;
  refused: number;
  uncertain: number;
  outOfDistribution: number;
}

export interface TrafficTotals {
  endpoint: string;
  photos: number;
  /** Of answered photos, milliseconds; null when none was. */
  latencyP50: number | null;
  latencyP99: number | null;
  /** Time in inference processes, shadows too, seconds. */
  inferenceS: number;
  /** Answer -> photos, most first, at most 20. */
  labels: { label: string; photos: number }[];
  /** Photos that people said something true about. */
  labelled: number;
}

/** Time that steps of runs took. */
export interface StepCost {
  pipeline: string;
  step: string;
  executions: number;
  cached: number;
  seconds: number;
}

/** Sums over a time, made by the database. */
export interface ReportStore {
  trafficDays(from: Date, to: Date): Promise<TrafficDay[]>;
  trafficTotals(from: Date, to: Date): Promise<TrafficTotals[]>;
  /** Of runs that began in that time; the longest first. */
  stepCosts(from: Date, to: Date): Promise<StepCost[]>;
}
