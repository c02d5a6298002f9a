import { Gauge, type Registry } from 'prom-client';
import type { LoopCounts } from '../store/reports/contract.ts';

/** State of the workspace beside its predictions, over all projects. */
export interface Operations {
  /** Unresolved ones. */
  alerts: readonly { project: string; endpoint: string; severity: string; state: string; count: number }[];
  runs: readonly { project: string; pipeline: string; state: string; count: number; lastFinishedAt: Date | null }[];
  loops: readonly (Loops & { project: string })[];
  /** Messages of alerts that could not be delivered. */
  deadLetters: readonly { project: string; count: number }[];
  /** Triggers that could not look at what they watch. */
  failingTriggers: readonly { project: string; count: number }[];
  /** Waiting for a worker. */
  queuedRuns: number;
  /** With a heartbeat in the last 30 s. */
  workers: number;
  /** When a worker last completed the minute's work; null = never. */
  lastTickAt: Date | null;
  /** How long that took; null = never. */
  lastTickSeconds: number | null;
  /** Of that tick; project null = all of them. */
  failedParts: readonly { project: string | null; part: string; code: string }[];
}

interface Loops extends LoopCounts {
  triggers: { kind: string; enabled: boolean; count: number }[];
}

type Sample = { labels: Record<string, string>; value: number };

const seconds = (at: Date) => at.getTime() / 1000;
const plain = (value: number): Sample[] => [{ labels: {}, value }];

const perProject = (counts: readonly { project: string; count: number }[]): Sample[] =>
  counts.map(({ project, count }) => ({ labels: { project }, value: count }));

/** A sample for each entry of a list, of every project. */
function each<K extends keyof Loops>(
  loops: Operations['loops'],
  list: K,
  sample: (entry: Loops[K][number]) => Sample,
): Sample[] {
  return loops.flatMap(({ project, [list]: entries }) =>
    (entries as Loops[K][number][]).map((entry) => {
      const { labels, value } = sample(entry);
      return { labels: { project, ...labels }, value };
    }),
  );
}

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
    name: 'mitate_run_last_duration_seconds',
    help: 'How long the newest successful run of a pipeline took',
    labelNames: ['project', 'pipeline'],
    samples: ({ loops }) =>
      each(loops, 'durations', ({ pipeline, seconds }) => ({ labels: { pipeline }, value: seconds })),
  },
  {
    name: 'mitate_promotions',
    help: 'Promotions on record, by state',
    labelNames: ['project', 'endpoint', 'state'],
    samples: ({ loops }) => each(loops, 'promotions', ({ count, ...labels }) => ({ labels, value: count })),
  },
  {
    name: 'mitate_triggers',
    help: 'Triggers, by kind',
    labelNames: ['project', 'kind', 'enabled'],
    samples: ({ loops }) =>
      each(loops, 'triggers', ({ kind, enabled, count }) => ({
        labels: { kind, enabled: `${enabled}` },
        value: count,
      })),
  },
  {
    name: 'mitate_trigger_firings',
    help: 'Events of triggers on record: fired, held or skipped',
    labelNames: ['project', 'trigger', 'state'],
    samples: ({ loops }) =>
      each(loops, 'firings', ({ trigger, state, count }) => ({ labels: { trigger, state }, value: count })),
  },
  {
    name: 'mitate_trigger_last_firing_timestamp_seconds',
    help: 'When a trigger last had an event, by state',
    labelNames: ['project', 'trigger', 'state'],
    samples: ({ loops }) =>
      each(loops, 'firings', ({ trigger, state, lastAt }) => ({ labels: { trigger, state }, value: seconds(lastAt) })),
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
    name: 'mitate_worker_last_tick_duration_seconds',
    help: 'Duration of the last completed worker tick in seconds',
    labelNames: [],
    samples: ({ lastTickSeconds }) => (lastTickSeconds === null ? [] : plain(lastTickSeconds)),
  },
  {
    name: 'mitate_workers',
    help: 'Workers that run: heartbeat in the last 30 s',
    labelNames: [],
    samples: ({ workers }) => plain(workers),
  },
  {
    name: 'mitate_tick_part_failed',
    help: "Parts of the minute's work that failed or took too long in the last tick, by error code",
    labelNames: ['project', 'part', 'code'],
    samples: ({ failedParts }) =>
      failedParts.map(({ project, part, code }) => ({ labels: { project: project ?? '', part, code }, value: 1 })),
  },
  {
    name: 'mitate_dead_letters',
    help: 'Messages of alerts that could not be delivered',
    labelNames: ['project'],
    samples: ({ deadLetters }) => perProject(deadLetters),
  },
  {
    name: 'mitate_triggers_failing',
    help: 'Triggers that could not read what they watch',
    labelNames: ['project'],
    samples: ({ failingTriggers }) => perProject(failingTriggers),
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
