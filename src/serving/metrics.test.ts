import { describe, expect, it } from 'vitest';
import { createMetrics } from './metrics.ts';

const answered = {
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
    metrics.prediction({ endpoint: 'leaf', label: 'unwell' });
    const text = await metrics.text();
    const labels = 'endpoint="leaf",model="leaf-health",version="3",role="stable"';
    expect(text).toContain(`mitate_requests_total{${labels},deployment="d1",code="200"} 1`);
    expect(text).toContain(`mitate_requests_total{${labels},deployment="d1",code="429"} 1`);
    expect(text).toContain(`mitate_request_duration_seconds_bucket{le="0.01",${labels}} 0`);
    expect(text).toContain(`mitate_request_duration_seconds_bucket{le="0.015",${labels}} 2`);
    expect(text).toContain('mitate_predictions_total{endpoint="leaf",label="unwell"} 1');
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

  it('survive names that would break the format', async () => {
    const metrics = createMetrics();
    metrics.prediction({ endpoint: 'leaf', label: 'a"b\nc\\' });
    expect(await metrics.text()).toContain('label="a\\"b\\nc\\\\"');
  });

  it('of two servers in one process are apart', async () => {
    const [one, other] = [createMetrics(), createMetrics()];
    one.prediction({ endpoint: 'leaf', label: 'unwell' });
    expect(await other.text()).not.toContain('label="unwell"');
  });
});
