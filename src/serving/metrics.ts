import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { DeploymentRole } from '../contracts/endpoint.ts';
import { type Operations, watchOperations } from './operation-metrics.ts';

/** One finished request (HTTP). Fields that were not reached are `''`: a request to an unknown endpoint must not add a series. */
export interface RequestSample {
  project: string;
  endpoint: string;
  deployment: string;
  model: string;
  version: number | null;
  role: DeploymentRole | '';
  /** HTTP status. */
  code: number;
  /** From arrival to answer. */
  seconds: number;
}

/** Values that are read only when metrics are scraped. */
export interface Watched {
  /** Photos queued or running. */
  queueDepth(): number;
  /** Deployments whose model is warm in every process. */
  readyModels(): number;
  /** Inference processes that hold every model. */
  processesUp(): number;
  isDatabaseUp(): boolean;
  /** Records in the journal that the database does not have yet. */
  journalBacklog(): { records: number; bytes: number };
  /** Latest statistic of each monitor that had enough data. */
  driftScores(): Promise<readonly DriftScore[]>;
  operations(): Promise<Operations>;
  /** Of the workspace's volume. */
  disk(): Promise<DiskSpace>;
}

export interface DiskSpace {
  freeBytes: number;
  sizeBytes: number;
}

export interface DriftScore {
  project: string;
  endpoint: string;
  monitor: string;
  score: number;
}

/** What a reader may see. */
export interface Seen {
  project: string;
  /** Also the series of no project: of the process, its queue and its disk. */
  server: boolean;
}

/** Prometheus metrics of one server. */
export interface Metrics {
  request(sample: RequestSample): void;
  prediction(sample: { project: string; endpoint: string; label: string }): void;
  /** A shadow's answer compared with the served one. */
  shadow(sample: { project: string; endpoint: string; agrees: boolean }): void;
  /** Feedback on an answered photo: right, wrong, a user event, or `business`. */
  feedback(sample: { project: string; endpoint: string; verdict: string }): void;
  watch(watched: Partial<Watched>): void;
  /** Prometheus text format. @param seen default: everything */
  text(seen?: Seen): Promise<string>;
  readonly contentType: string;
}

/** 1 ms to 10 s: a photo takes 5-10 ms of inference, the default deadline is 10 s. */
const bucketsSeconds = [0.001, 0.0025, 0.005, 0.0075, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Counter({ name, help, labelNames, registers });
  const requests = counter('mitate_requests_total', 'Finished requests', [
    'project',
    'endpoint',
    'deployment',
    'model',
    'version',
    'role',
    'code',
  ]);
  const durations = new Histogram({
    name: 'mitate_request_duration_seconds',
    help: 'Time from arrival to answer',
    // No deployment label: 500 swaps between two versions would leave 500 x 17 series.
    labelNames: ['project', 'endpoint', 'model', 'version', 'role'] as const,
    buckets: bucketsSeconds,
    registers,
  });
  const predictions = counter('mitate_predictions_total', 'Answered photos by label', ['project', 'endpoint', 'label']);
  const shadows = counter(
    'mitate_shadow_answers_total',
    'Answers of shadow deployments, by agreement with the served label',
    ['project', 'endpoint', 'agrees'],
  );
  const feedback = counter(
    'mitate_feedback_total',
    'Feedback on answered photos: right, wrong, accept, override, retake, abandon, business',
    ['project', 'endpoint', 'verdict'],
  );
  return {
    request({ project, endpoint, deployment, model, version, role, code, seconds }) {
      const served = { project, endpoint, model, version: version ?? '', role };
      requests.inc({ ...served, deployment, code });
      durations.observe(served, seconds);
    },
    prediction: (sample) => predictions.inc(sample),
    shadow: ({ agrees, ...sample }) => shadows.inc({ ...sample, agrees: String(agrees) }),
    feedback: (sample) => feedback.inc(sample),
    watch: (watched) => watch(registers, watched),
    async text(seen) {
      const text = await registry.metrics();
      return seen === undefined ? text : seenOf(text, seen);
    },
    contentType: registry.contentType,
  };
}

/** Without the series, and the metrics, of which nothing may be seen. Quotes inside a label's value are escaped, so only a label matches. */
function seenOf(text: string, { project, server }: Seen): string {
  const blocks = text.split('\n\n').flatMap((block) => {
    const lines = block.split('\n').filter((line) => {
      const [, of = ''] = /[{,]project="([^"]*)"/.exec(line) ?? [];
      return line.startsWith('#') || of === project || (server && of === '');
    });
    return lines.some((line) => line !== '' && !line.startsWith('#')) ? [lines.join('\n')] : [];
  });
  return `${blocks.join('\n\n')}\n`;
}

function watch(
  registers: Registry[],
  {
    queueDepth,
    readyModels,
    processesUp,
    isDatabaseUp,
    journalBacklog,
    driftScores,
    operations,
    disk,
  }: Partial<Watched>,
): void {
  if (operations) watchOperations(registers, operations);
  if (driftScores) watchScores(registers, driftScores);
  const gauge = (name: string, help: string, read: (() => number | Promise<number>) | undefined) => {
    if (!read) return;
    const collect = async () => {
      const value = await (async () => read())().catch(() => null);
      // a volume that cannot be asked: the last value stays
      if (value !== null) made.set(value);
    };
    const made: Gauge = new Gauge({ name, help, registers, collect });
  };
  gauge('mitate_queue_depth', 'Photos queued or running', queueDepth);
  gauge('mitate_ready_models', 'Deployments whose model is warm in every process', readyModels);
  gauge('mitate_inference_processes_up', 'Inference processes that hold every model', processesUp);
  gauge('mitate_database_up', '1 while the database answers', isDatabaseUp && (() => Number(isDatabaseUp())));
  gauge(
    'mitate_journal_backlog_records',
    'Records in the journal that the database does not have yet',
    journalBacklog && (() => journalBacklog().records),
  );
  gauge(
    'mitate_disk_free_bytes',
    "Free space of the workspace's volume",
    disk && (async () => (await disk()).freeBytes),
  );
  gauge('mitate_disk_size_bytes', "Size of the workspace's volume", disk && (async () => (await disk()).sizeBytes));
  gauge('mitate_journal_backlog_bytes', 'Bytes of those records', journalBacklog && (() => journalBacklog().bytes));
}

/** While the database is unreachable, the last scores stay. */
function watchScores(registers: Registry[], read: Watched['driftScores']): void {
  const gauge: Gauge<keyof Omit<DriftScore, 'score'>> = new Gauge({
    name: 'mitate_drift_score',
    help: 'Newest statistic of each monitor',
    labelNames: ['project', 'endpoint', 'monitor'] as const,
    registers,
    async collect() {
      const scores = await read().catch(() => null);
      if (scores === null) return;
      gauge.reset();
      for (const { score, ...labels } of scores) gauge.set(labels, score);
    },
  });
}
