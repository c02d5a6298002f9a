import { Gauge, type Registry } from 'prom-client';

/** State of the workspace beside its predictions, over all projects. */
export interface Operations {
  /** Unresolved ones. */
  alerts: readonly { project: string; endpoint: string; severity: string; state: string; count: number }[];
  runs: readonly { project: string; pipeline: string; state: string; count: number; lastFinishedAt: Date | null }[];
  /** Waiting for a worker. */
  queuedRuns: number;
  /** When a worker last completed the minute's work; null = never. */
  lastTickAt: Date | null;
  /** Of the workspace's volume. */
  disk: { freeBytes: number; sizeBytes: number };
}

type Sample = { labels: Record<string, string>; value: number };

const seconds = (at: Date) => at.getTime() / 1000;
const plain = (value: number): Sample[] => [{ labels: {}, value }];

const gauges: {
  name: string;
  help: string;
  labelNames: readonly string[];
  samples: (state: Operations) => Sample[];
}[] = [
  {
    name: 'mitate_alerts',
    help: 'Unresolved alerts',
    labelNames: ['project', 'endpoint', 'severity', 'state'],
    samples: ({ alerts }) => alerts.map(({ count, ...labels }) => ({ labels, value: count })),
  },
  {
    name: 'mitate_runs',
    help: 'Pipeline runs on record, by state',
    labelNames: ['project', 'pipeline', 'state'],
    samples: ({ runs }) =>
      runs.map(({ project, pipeline, state, count }) => ({ labels: { project, pipeline, state }, value: count })),
  },
  {
    name: 'mitate_run_last_finished_timestamp_seconds',
    help: 'When a pipeline run last ended, by state',
    labelNames: ['project', 'pipeline', 'state'],
    samples: ({ runs }) =>
      runs.flatMap(({ project, pipeline, state, lastFinishedAt }) =>
        lastFinishedAt === null ? [] : [{ labels: { project, pipeline, state }, value: seconds(lastFinishedAt) }],
      ),
  },
  {
    name: 'mitate_runs_queued',
    help: 'Pipeline runs that wait for a worker',
    labelNames: [],
    samples: ({ queuedRuns }) => plain(queuedRuns),
  },
  {
    name: 'mitate_worker_last_tick_timestamp_seconds',
    help: "When a worker last completed the minute's work: monitors, alerts, promotions, triggers; 0 = never",
    labelNames: [],
    samples: ({ lastTickAt }) => plain(lastTickAt === null ? 0 : seconds(lastTickAt)),
  },
  {
    name: 'mitate_disk_free_bytes',
    help: "Free space of the workspace's volume",
    labelNames: [],
    samples: ({ disk }) => plain(disk.freeBytes),
  },
  {
    name: 'mitate_disk_size_bytes',
    help: "Size of the workspace's volume",
    labelNames: [],
    samples: ({ disk }) => plain(disk.sizeBytes),
  },
];

/** Reads once per scrape. While the database is unreachable, the last values stay. */
export function watchOperations(registers: Registry[], read: () => Promise<Operations>): void {
  let reading: Promise<Operations | null> | undefined;
  const once = () => {
    reading ??= read()
      .catch(() => null)
      .finally(() => setImmediate(() => (reading = undefined)));
    return reading;
  };
  for (const { name, help, labelNames, samples } of gauges) {
    const gauge: Gauge = new Gauge({
      name,
      help,
      labelNames,
      registers,
      async collect() {
        const state = await once();
        if (state === null) return;
        gauge.reset();
        for (const { labels, value } of samples(state)) gauge.set(labels, value);
      },
    });
  }
}
