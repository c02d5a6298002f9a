import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { found } from '../../tests/support/found.ts';
import { ServedApp } from '../../tests/support/served-app.ts';
import { unaudited } from '../../tests/support/unaudited.ts';
import { WatchedEndpoint } from '../../tests/support/watched-endpoint.ts';
import { raiseAlerts } from '../actions/alerts/raise.ts';
import { createClient } from '../client/index.ts';
import { silentLogger } from '../contracts/logger.ts';

let served: ServedApp;
let watched: WatchedEndpoint;
let client: ReturnType<typeof createClient>;
const hourMs = 3_600_000;

beforeAll(async () => {
  served = await ServedApp.open([]);
  watched = await WatchedEndpoint.in(served.served.store);
  client = createClient({ url: served.url, key: await served.makeKey('operate') });
});
afterAll(async () => await served?.[Symbol.asyncDispose]());

describe('why an alert was raised', () => {
  it('has the number beside its threshold, both distributions, and what else changed at that time', async () => {
    const start = new Date('2026-03-01T00:00:00Z');
    const [earlier, end] = [new Date(start.getTime() - 24 * hourMs), new Date(start.getTime() + 24 * hourMs)];
    const app = (version: string) => ({ change: () => ({ attributes: { app: version } }) });
    await watched.log(100, { from: earlier, to: start, seed: 'before', ...app('1.9') });
    await watched.log(200, { from: start, to: end, world: { unwell: 1, shift: 0 }, ...app('2.0') });
    await client.endpoints.set('leaf', { settings: { abstain: { low: 0.4, high: 0.6 } }, why: 'too sure' });
    const read = { model: 'leaf-health@1', requests: 200, judged: 200 };
    const { finding } = await found(served.served.store, { monitor: 'labels', day: 1, details: { read } });
    const [raised] = await raiseAlerts(served.served.store, { now: new Date(), logger: silentLogger });
    const why = await client.alerts.why(raised!.alert.id);
    expect(why).toMatchObject({ alert: { monitor: 'labels', endpoint: 'leaf' }, monitor: { kind: 'label-drift' } });
    const { statistic, threshold, p, said } = finding;
    expect(why.series).toEqual([expect.objectContaining({ state: 'breach', statistic, threshold, p, said })]);
    const { of, bins, reference, window, windowPhotos, referencePhotos } = why.histogram!;
    expect([of, windowPhotos, referencePhotos]).toEqual(['label', 200, 400]);
    const unwell = bins.findIndex(({ label }) => label === 'unwell');
    expect(window[unwell]).toBe(1);
    expect(reference[unwell]).toBeGreaterThan(0.5);
    expect(reference[unwell]).toBeLessThan(0.7);
    expect(why.changes.map(({ kind, what, said }) => [kind, what, said])).toEqual(
      expect.arrayContaining([
        ['attribute', 'app', 'app 2.0: 0 % -> 100 %'],
        ['settings', 'set', expect.stringContaining('abstain default -> {"low":0.4,"high":0.6}. too sure')],
      ]),
    );
    // by the name of its monitor, and after the monitor is gone
    await unaudited(served.served.store).monitors.removeMonitor('labels', new Date());
    expect(await client.alerts.why('labels')).toMatchObject({ monitor: null, histogram: { of: 'label' } });
    await expect(client.alerts.why('nothing')).rejects.toMatchObject({ code: 'ALERT_UNKNOWN', status: 404 });
  });
});
