import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServedApp } from '../../tests/support/served-app.ts';
import { WatchedEndpoint } from '../../tests/support/watched-endpoint.ts';
import { driftScores } from '../actions/monitors/drift-scores.ts';
import { diskSpace, operations } from '../actions/workspace/operations.ts';
import { createClient } from '../client/index.ts';

let served: ServedApp;
let watched: WatchedEndpoint;
let operator: ReturnType<typeof createClient>;

beforeAll(async () => {
  served = await ServedApp.open([]);
  watched = await WatchedEndpoint.in(served.served.store);
  operator = createClient({ url: served.url, key: await served.makeKey('operate') });
});
afterAll(async () => {
  await served?.[Symbol.asyncDispose]();
});

describe('monitors over HTTP', () => {
  it('are made, run in a process of their own, listed, switched off and removed', async () => {
    const [to, from] = [new Date(), new Date(Date.now() - 3_600_000)];
    await watched.log(200, { from, to, world: { unwell: 1, shift: 0 } });
    const made = await operator.monitors.create({ name: 'labels', endpoint: 'leaf', kind: 'label-drift' });
    expect(made).toMatchObject({ minSamples: 50, schedule: '0 0 * * *', who: expect.stringMatching(/^key:/) });
    const result = await operator.monitors.run('labels');
    // half of 0.02: in its first week a monitor may judge one window a day more
    expect(result).toMatchObject({ monitor: 'labels', state: 'breach', finding: { threshold: 0.01 } });
    expect((await operator.monitors.list()).items).toMatchObject([{ monitor: { name: 'labels' }, latest: result }]);
    expect((await operator.monitors.results('labels')).items).toEqual([result]);
    expect(await driftScores(served.served.store)).toEqual([
      { project: 'default', endpoint: 'leaf', monitor: 'labels', score: result.finding.statistic },
    ]);
    expect(await operator.monitors.set('labels', { isEnabled: false })).toMatchObject({ isEnabled: false });
    // its last score would stand there for ever
    expect(await driftScores(served.served.store)).toEqual([]);
    await operator.monitors.remove('labels');
    await expect(operator.monitors.get('labels')).rejects.toMatchObject({ code: 'MONITOR_UNKNOWN', status: 404 });
    const audit = await served.served.store.access.listAudit({ limit: 10 });
    expect(audit.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['monitor.create', 'monitor.run', 'monitor.set', 'monitor.remove']),
    );
  });

  it('are beside runs, alerts, worker and disk for /metrics, also before a worker ran', async () => {
    const found = await operations(served.served.store);
    expect(found).toMatchObject({ alerts: [], queuedRuns: 0, lastTickAt: null });
    expect(found.runs).toEqual(
      await served.served.store.countRuns().then((runs) => runs.map((run) => ({ project: 'default', ...run }))),
    );
    expect(found).toMatchObject({ workers: 0, failedParts: [] });
    const disk = await diskSpace(served.served.store.workspace.dir);
    expect(disk.freeBytes).toBeGreaterThan(0);
    expect(disk.sizeBytes).toBeGreaterThan(disk.freeBytes);
  });

  it('come back by their defaults, once', async () => {
    expect(await operator.monitors.createDefaults('leaf')).toHaveLength(17);
    expect(await operator.monitors.createDefaults('leaf')).toEqual([]);
    expect((await operator.monitors.list({ limit: 5 })).nextCursor).not.toBeNull();
  });

  it.each([
    ['a kind that there is not', { kind: 'horoscope' }],
    ['a field that there is not', { colour: 'green' }],
    ['a window of no requests', { window: { by: 'count', count: 0 } }],
  ])('refuses %s', async (_, change) => {
    const body = { name: 'x', endpoint: 'leaf', kind: 'latency', ...change } as never;
    await expect(operator.monitors.create(body)).rejects.toMatchObject({ status: 400, code: 'HTTP_REQUEST_INVALID' });
  });

  it.each([
    ['a parameter that its kind does not take', { parameters: { maxMs: -1 } }, 'parameters.maxMs'],
    ['a parameter that its kind does not know', { parameters: { maxms: 10 } }, 'parameters'],
    ['a schedule that is none', { schedule: 'at noon' }, 'schedule'],
    ['a schedule that never comes', { schedule: '0 0 31 2 *' }, 'schedule'],
    ['a name with a slash', { name: 'a/b' }, 'name'],
    ['absence in a number of requests', { kind: 'traffic-absent', window: { by: 'count', count: 5 } }, 'window'],
    [
      'a reference that ends before it starts',
      { reference: { from: 'window', start: '2026-03-02T00:00:00Z', end: '2026-03-01T00:00:00Z' } },
      'reference',
    ],
    [
      "the model's numbers without its photos",
      { kind: 'positive-rate', parameters: { baseline: 'reference' }, reference: { from: 'first-days', days: 7 } },
      'parameters',
    ],
  ])('refuses %s', async (_, change, field) => {
    const body = { name: 'x', endpoint: 'leaf', kind: 'latency', ...change } as never;
    await expect(operator.monitors.create(body)).rejects.toMatchObject({ code: 'MONITOR_INVALID', details: { field } });
  });

  it('refuses a name that is taken, and an endpoint that there is not', async () => {
    const body = { name: 'leaf.latency', endpoint: 'leaf', kind: 'latency' } as const;
    await expect(operator.monitors.create(body)).rejects.toMatchObject({ code: 'MONITOR_EXISTS' });
    const nowhere = operator.monitors.create({ ...body, name: 'y', endpoint: 'nowhere' });
    await expect(nowhere).rejects.toMatchObject({ code: 'ENDPOINT_UNKNOWN' });
    await expect(operator.monitors.run('nothing')).rejects.toMatchObject({ code: 'MONITOR_UNKNOWN' });
  });

  it('are not for keys that may only predict', async () => {
    const response = await served.ask('GET', '/api/v1/monitors');
    expect(response.statusCode).toBe(403);
  });
});
