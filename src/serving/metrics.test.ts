import { describe, expect, it } from 'vitest';
import { createMetrics } from './metrics.ts';

const answered = {
  project: 'default',
  endpoint: 'leaf',
  deployment: 'd1',
  model: 'leaf-health',
  version: 3,
  role: 'stable',
  code: 200,
  seconds: 0.012,
} as const;

describe('metrics', () => {
  it('have the names and labels of the contract', async () => {
    const metrics = createMetrics();
    metrics.request(answered);
    metrics.request({ ...answered, code: 429 });
    metrics.prediction({ project: 'default', endpoint: 'leaf', label: 'unwell' });
    const text = await metrics.text();
    const labels = 'project="default",endpoint="leaf",model="leaf-health",version="3",role="stable"';
    expect(text).toContain(`mitate_requests_total{${labels},deployment="d1",code="200"} 1`);
    expect(text).toContain(`mitate_requests_total{${labels},deployment="d1",code="429"} 1`);
    expect(text).toContain(`mitate_request_duration_seconds_bucket{le="0.01",${labels}} 0`);
    expect(text).toContain(`mitate_request_duration_seconds_bucket{le="0.015",${labels}} 2`);
    expect(text).toContain('mitate_predictions_total{project="default",endpoint="leaf",label="unwell"} 1');
    expect(text).toContain('process_resident_memory_bytes');
  });

  it('ask for what is watched when they are read', async () => {
    const metrics = createMetrics();
    let depth = 1;
    metrics.watch({ queueDepth: () => depth, journalBacklog: () => ({ records: 7, bytes: 4096 }) });
    expect(await metrics.text()).toContain('mitate_queue_depth 1');
    depth = 5;
    const text = await metrics.text();
    expect(text).toContain('mitate_queue_depth 5');
    expect(text).toContain('mitate_journal_backlog_records 7');
    expect(text).toContain('mitate_journal_backlog_bytes 4096');
    expect(text).not.toContain('mitate_ready_models');
  });

  it('have the drift scores of the moment; a database that is away leaves the last ones', async () => {
    const metrics = createMetrics();
    const drift = { project: 'default', endpoint: 'leaf', monitor: 'leaf.label-drift', score: 0.25 };
    const answers = [Promise.resolve([drift]), Promise.reject(new Error('away')), Promise.resolve([])];
    metrics.watch({ driftScores: () => answers.shift()! });
    const line = 'mitate_drift_score{project="default",endpoint="leaf",monitor="leaf.label-drift"} 0.25';
    expect(await metrics.text()).toContain(line);
    expect(await metrics.text()).toContain(line);
    expect(await metrics.text()).not.toContain(line);
  });

  it('have alerts, runs, worker and disk, read once a scrape', async () => {
    const metrics = createMetrics();
    let reads = 0;
    const state = {
      alerts: [{ project: 'default', endpoint: 'leaf', severity: 'critical', state: 'open', count: 2 }],
      runs: [{ project: 'default', pipeline: 'leaves', state: 'failed', count: 3, lastFinishedAt: new Date(60_000) }],
      loops: [
        {
          project: 'default',
          promotions: [{ endpoint: 'leaf', state: 'promoted', count: 6 }],
          triggers: [{ kind: 'drift', enabled: true, count: 7 }],
          firings: [{ trigger: 'drift', state: 'fired', count: 8, lastAt: new Date(30_000) }],
          durations: [{ pipeline: 'leaves', seconds: 9.5 }],
        },
      ],
      lastTickSeconds: 2.5,
      queuedRuns: 1,
      workers: 1,
      lastTickAt: new Date(120_000),
      failedParts: [{ project: null, part: 'triggers', code: 'TICK_PART_LATE' }],
      deadLetters: [{ project: 'default', count: 4 }],
      failingTriggers: [{ project: 'default', count: 5 }],
    };
    const answers = [
      async () => state,
      async () => Promise.reject(new Error('away')),
      async () => ({ ...state, alerts: [], lastTickAt: null }),
    ];
    metrics.watch({
      operations: () => answers[reads++]!(),
      disk: async () => ({ freeBytes: 5e9, sizeBytes: 2e10 }),
      isDatabaseUp: () => false,
    });
    const alert = 'mitate_alerts{project="default",endpoint="leaf",severity="critical",state="open"} 2';
    const run = 'project="default",pipeline="leaves",state="failed"';
    for (let scrape = 0; scrape < 2; scrape++) {
      const text = await metrics.text();
      for (const line of [
        alert,
        `mitate_runs{${run}} 3`,
        `mitate_run_last_finished_timestamp_seconds{${run}} 60`,
        'mitate_promotions{project="default",endpoint="leaf",state="promoted"} 6',
        'mitate_triggers{project="default",kind="drift",enabled="true"} 7',
        'mitate_trigger_firings{project="default",trigger="drift",state="fired"} 8',
        'mitate_trigger_last_firing_timestamp_seconds{project="default",trigger="drift",state="fired"} 30',
        'mitate_run_last_duration_seconds{project="default",pipeline="leaves"} 9.5',
        'mitate_worker_last_tick_duration_seconds 2.5',
        'mitate_runs_queued 1',
        'mitate_worker_last_tick_timestamp_seconds 120',
        'mitate_workers 1',
        'mitate_tick_part_failed{project="",part="triggers",code="TICK_PART_LATE"} 1',
        'mitate_dead_letters{project="default"} 4',
        'mitate_triggers_failing{project="default"} 5',
        'mitate_database_up 0',
        'mitate_disk_free_bytes 5000000000',
        'mitate_disk_size_bytes 20000000000',
      ])
        expect(text).toContain(line);
      await new Promise(setImmediate);
      expect(reads).toBe(scrape + 1);
    }
    const text = await metrics.text();
    expect(text).not.toContain('critical');
    expect(text).toContain('mitate_worker_last_tick_timestamp_seconds 0');
  });

  it('survive names that would break the format', async () => {
    const metrics = createMetrics();
    metrics.prediction({ project: 'default', endpoint: 'leaf', label: 'a"b\nc\\' });
    expect(await metrics.text()).toContain('label="a\\"b\\nc\\\\"');
  });

  it('of one project are its own series only; equal names in two projects stay apart', async () => {
    const metrics = createMetrics();
    for (const project of ['default', 'roses', 'roses']) {
      metrics.request({ ...answered, project });
      metrics.prediction({ project, endpoint: 'leaf', label: 'unwell' });
    }
    metrics.watch({ queueDepth: () => 1 });
    const all = await metrics.text();
    expect(all).toContain('mitate_predictions_total{project="default",endpoint="leaf",label="unwell"} 1');
    expect(all).toContain('mitate_predictions_total{project="roses",endpoint="leaf",label="unwell"} 2');
    const roses = await metrics.text({ project: 'roses', server: false });
    const series = roses.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(series.filter((line) => !line.includes('project="roses"'))).toEqual([]);
    expect(roses).toContain('mitate_request_duration_seconds_count{project="roses",');
    const server = await metrics.text({ project: 'default', server: true });
    expect(server).not.toContain('roses');
    expect(server).toContain('mitate_queue_depth 1');
    expect(await metrics.text({ project: 'lilies', server: false })).toBe('\n');
  });

  it('of two servers in one process are apart', async () => {
    const [one, other] = [createMetrics(), createMetrics()];
    one.prediction({ project: 'default', endpoint: 'leaf', label: 'unwell' });
    expect(await other.text()).not.toContain('label="unwell"');
  });
});
