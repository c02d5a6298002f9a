import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unaudited } from '../../../tests/support/unaudited.ts';
import { WatchedEndpoint } from '../../../tests/support/watched-endpoint.ts';
import { monitorSchema } from '../../contracts/loop/monitor.ts';

const [start, end] = [new Date('2026-03-01T00:00:00Z'), new Date('2026-03-02T00:00:00Z')];
const window = { endpoint: 'leaf', start, end };
const by = { who: 'test', at: start };
const monitor = (name: string) => monitorSchema.parse({ name, endpoint: 'leaf', kind: 'latency' });
let shared: WatchedEndpoint;

beforeAll(async () => {
  shared = await WatchedEndpoint.open({ now: () => start });
});
afterAll(() => shared?.[Symbol.asyncDispose]());

describe('a window of the log', () => {
  it('has exact counts of server errors and client errors, without shadows', async () => {
    await using watched = await shared.another(0);
    const { monitors } = watched.store;
    const failed = { label: null, probability: null, positiveProbability: null };
    const change = (i: number) => (i < 10 ? { status: 503, ...failed } : i < 30 ? { status: 400, ...failed } : {});
    const answered = (await watched.log(200, { from: start, to: end, change })).slice(30);
    const shadowOf = answered[0]!.publicId;
    await watched.log(50, { from: start, to: end, seed: 'shadows', change: () => ({ role: 'shadow', shadowOf }) });
    expect(await monitors.countWindow(window, 0.5)).toEqual({
      requests: 200,
      served: 180,
      failed: 10,
      scored: 170,
      positive: answered.filter(({ positiveProbability }) => positiveProbability! > 0.5).length,
    });
    const none = { requests: 0, served: 0, failed: 0, scored: 0, positive: 0 };
    expect(await monitors.countWindow({ ...window, endpoint: 'other' }, 0.5)).toEqual(none);
    expect(await monitors.countWindow({ ...window, start: end }, 0.5)).toEqual(none);
  });

  it('is read completely, or as a deterministic sample', async () => {
    await using watched = await shared.another(0);
    const { monitors } = watched.store;
    const records = await watched.log(2_000, { from: start, to: end });
    const whole = await monitors.readWindow(window, 2_000);
    expect(whole.total).toBe(2_000);
    expect(whole.observations.map(({ id }) => id)).toEqual(records.map(({ publicId }) => publicId));
    expect(whole.observations[0]).toMatchObject({ label: records[0]!.label, atMs: start.getTime(), latencyMs: 6.5 });
    expect(whole.observations[0]!.projection).toHaveLength(64);
    const some = await monitors.readWindow(window, 500);
    expect(some.total).toBe(2_000);
    // 500 of 2,000, each by the hash of its id: within four standard deviations
    expect(Math.abs(some.observations.length - 500)).toBeLessThan(80);
    expect(await monitors.readWindow(window, 500)).toEqual(some);
  });

  it('of a number of requests ends after the last of them', async () => {
    await using watched = await shared.another(0);
    const { monitors } = watched.store;
    const records = await watched.log(100, { from: start, to: end });
    const at = (i: number) => new Date(records[i]!.loggingTime);
    const first = await monitors.windowOfCount({ endpoint: 'leaf', start }, 40);
    expect(first).toEqual({ start, end: new Date(at(39).getTime() + 1) });
    expect(await monitors.windowOfCount({ endpoint: 'leaf', start: first!.end }, 61)).toBeNull();
    const newest = await monitors.newestWindow({ endpoint: 'leaf', end }, 40);
    expect(newest).toEqual({ start: at(60), end: new Date(at(99).getTime() + 1) });
    expect(await monitors.newestWindow({ endpoint: 'other', end }, 40)).toBeNull();
  });
});

describe('monitors of a project', () => {
  it('are not visible to another one, nor are their results', async () => {
    await using one = await shared.another(0);
    await using other = await shared.another(0);
    await unaudited(one.store).monitors.createMonitor(monitor('mine'), by);
    const finding = {
      state: 'ok',
      statistic: 1,
      p: null,
      threshold: 2,
      interval: null,
      said: '',
      movers: [],
      details: {},
    };
    const about = { monitor: 'mine', endpoint: 'leaf', kind: 'latency', state: 'ok', at: end } as const;
    const result = { ...about, windowStart: start, windowEnd: end, finding: { ...finding, state: 'ok' } } as const;
    expect(await one.store.monitors.addResult(result)).toMatchObject({ monitor: 'mine' });
    expect(await one.store.monitors.addResult(result)).toBeNull();
    expect(await one.store.monitors.latestResults()).toHaveLength(1);
    expect(await other.store.monitors.getMonitor('mine')).toBeNull();
    expect(await other.store.monitors.listResults()).toEqual([]);
    expect(await other.store.monitors.addResult(result)).toMatchObject({ monitor: 'mine' });
    await expect(unaudited(other.store).monitors.removeMonitor('mine', end)).rejects.toMatchObject({
      code: 'MONITOR_UNKNOWN',
    });
  });

  it('keep their name when removed: defaults are not created again, others can be', async () => {
    await using watched = await shared.another(0);
    const { monitors } = unaudited(watched.store);
    expect(await monitors.addMissing([monitor('a'), monitor('b')], by)).toEqual(['a', 'b']);
    await monitors.removeMonitor('a', end);
    expect(await monitors.addMissing([monitor('a'), monitor('b')], by)).toEqual([]);
    expect(await monitors.listMonitors()).toMatchObject([{ name: 'b' }]);
    expect(await monitors.createMonitor(monitor('a'), { who: 'again', at: end })).toMatchObject({ createdAt: end });
    await expect(monitors.createMonitor(monitor('a'), by)).rejects.toMatchObject({ code: 'MONITOR_EXISTS' });
  });

  it('store null distributions by reference, kind, parameters and size', async () => {
    const { monitors } = shared.store;
    const key = { reference: 'abc', kind: 'label-drift', parameters: '{}', size: 200 } as const;
    expect(await monitors.getNull(key)).toBeNull();
    await monitors.putNull(key, Float64Array.of(0.1, 0.2), start);
    await monitors.putNull(key, Float64Array.of(0.1, 0.2, 0.3), end);
    expect(await monitors.getNull(key)).toEqual(Float64Array.of(0.1, 0.2, 0.3));
    expect(await monitors.getNull({ ...key, size: 283 })).toBeNull();
  });
});
