import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tester } from '../../../tests/support/tester.ts';
import { unaudited } from '../../../tests/support/unaudited.ts';
import { other, WatchedEndpoint } from '../../../tests/support/watched-endpoint.ts';
import { servingFolder } from '../../artifacts/model/model-files.ts';
import type { Signature } from '../../contracts/artifacts/signature.ts';
import { silentLogger } from '../../contracts/logger.ts';
import { monitorKinds as allKinds, behaviourKinds, type MonitorResult } from '../../contracts/loop/monitor.ts';
import type { Task } from '../../contracts/task.ts';
import { alarm } from '../../feedback/alarm-policy.ts';
import { createMonitor } from './monitor.ts';
import { runDueMonitors, runMonitor } from './run.ts';

const at = (day: number, time = '00:00') => new Date(`2026-03-${String(day).padStart(2, '0')}T${time}:00Z`);
/** Those of an endpoint whose users send no events. */
const monitorKinds = allKinds.filter((kind) => !behaviourKinds.some((each) => each === kind));
let shared: WatchedEndpoint;
const who = { actor: tester, now: at(1, '08:00') };
const moved = { unwell: 0.95, shift: 0.5 };

const statesOf = (results: readonly MonitorResult[]) =>
  Object.fromEntries(results.map(({ kind, state }) => [kind, state]));

beforeAll(async () => {
  shared = await WatchedEndpoint.open({ now: () => at(1, '08:00') });
});
afterAll(() => shared?.[Symbol.asyncDispose]());

describe('monitors that run by themselves', () => {
  it('watch a deployed model without being asked, judge each day once, and find a world that moved', async () => {
    await using watched = await shared.another();
    const { store } = watched;
    const run = (now: Date) => runDueMonitors(store, { now, logger: silentLogger });
    await watched.log(400, { from: at(1, '08:00'), to: at(2) });
    await watched.log(400, { from: at(2), to: at(3), world: moved, seed: 'moved' });
    expect(await run(at(1, '23:59'))).toEqual([]);

    const first = await run(at(2, '00:03'));
    expect(statesOf(first)).toEqual({
      ...Object.fromEntries(monitorKinds.map((kind) => [kind, 'ok'])),
      'measured-accuracy': 'not-enough-data',
      calibration: 'not-enough-data',
      'heat-map-drift': 'not-enough-data',
      'user-events': 'not-enough-data',
    });
    expect(await run(at(2, '00:04'))).toEqual([]);

    const second = await run(at(3));
    const breaches = second.filter(({ state }) => state === 'breach').map(({ kind }) => kind);
    expect(breaches).toEqual(
      expect.arrayContaining(['prediction-drift', 'label-drift', 'embedding-drift', 'embedding-mmd']),
    );
    const drift = second.find(({ kind }) => kind === 'label-drift')!;
    expect(drift.finding.details.read).toEqual({ model: 'leaf-health@1', requests: 400, judged: 400 });
    expect(drift.finding.movers.length).toBeGreaterThan(0);
    expect(second.find(({ kind }) => kind === 'traffic-absent')!.finding.statistic).toBe(400);
  });

  it('are judged once in their first hour, as soon as they have enough requests, and then by schedule', async () => {
    await using watched = await shared.another();
    const run = (now: Date) => runDueMonitors(watched.store, { now, logger: silentLogger });
    expect(await run(at(1, '08:00'))).toEqual([]);
    await watched.log(40, { from: at(1, '08:01'), to: at(1, '08:14') });
    // 50 are the minimum
    expect(await run(at(1, '08:15'))).toEqual([]);
    await watched.log(60, { from: at(1, '08:20'), to: at(1, '08:29'), seed: 'more' });
    expect(await run(at(1, '08:29'))).toEqual([]);
    const [first, ...more] = await Promise.all([run(at(1, '08:30')), run(at(1, '08:31'))]);
    const early = [first, ...more].flat();
    expect(statesOf(early)).toMatchObject({ 'prediction-drift': 'ok', 'embedding-drift': 'ok', 'error-rate': 'ok' });
    expect(early.filter(({ kind }) => kind === 'latency' || kind === 'traffic-absent')).toEqual([]);
    for (const { state, windowStart, windowEnd } of early.filter(({ kind }) => kind === 'label-drift'))
      expect([state, windowStart, windowEnd]).toEqual(['ok', new Date('2026-02-28T08:30:00Z'), at(1, '08:30')]);
    expect(await run(at(1, '08:45'))).toEqual([]);

    const whole = await run(at(2));
    expect(whole).toHaveLength(monitorKinds.length);
    // a day's checks share 0.02, the early one included
    const spent = (results: readonly MonitorResult[]) =>
      results.reduce((sum, { finding: { p, threshold } }) => sum + (p === null ? 0 : threshold!), 0);
    expect(spent(early) + spent(whole)).toBeLessThanOrEqual(0.02 + 1e-9);
  });

  it('find a world that moved in their first hour', async () => {
    await using watched = await shared.another();
    const run = (now: Date) => runDueMonitors(watched.store, { now, logger: silentLogger });
    await run(at(1, '08:00'));
    await watched.log(200, { from: at(1, '08:00'), to: at(1, '08:14'), world: moved });
    const found = await run(at(1, '08:15'));
    const drift = found.find(({ kind }) => kind === 'prediction-drift')!;
    expect(drift.state).toBe('breach');
    expect(alarm([drift])).toBe('raise');
  });

  it('two workers that run at once keep each window once', async () => {
    await using watched = await shared.another();
    const { store } = watched;
    await watched.log(60, { from: at(1, '08:00'), to: at(2) });
    const run = () => runDueMonitors(store, { now: at(2), logger: silentLogger });
    const found = (await Promise.all([run(), run()])).flat();
    expect(found).toHaveLength(monitorKinds.length);
    expect(await store.monitors.listResults({ limit: 100 })).toHaveLength(monitorKinds.length);
  });

  it('a worker that was down judges the windows that ended meanwhile, in order', async () => {
    await using watched = await shared.another();
    const { store } = watched;
    await keepOnly(watched, 'traffic-absent');
    await watched.log(60, { from: at(1, '08:00'), to: at(2) });
    const results = await runDueMonitors(store, { now: at(4, '12:00'), logger: silentLogger });
    expect(results.map(({ windowEnd, state }) => [windowEnd, state])).toEqual([
      [at(2), 'ok'],
      [at(3), 'breach'],
      [at(4), 'breach'],
    ]);
  });

  it('silence before the first request is no alarm', async () => {
    await using watched = await shared.another();
    await keepOnly(watched, 'traffic-absent');
    const [result] = await runDueMonitors(watched.store, { now: at(2), logger: silentLogger });
    expect(result).toMatchObject({
      state: 'not-enough-data',
      finding: { said: 'no requests in the window or the month before it' },
    });
  });

  it('a window of requests ends as soon as they have come, and the next one begins there', async () => {
    await using watched = await shared.another();
    const { store } = watched;
    const window = { by: 'count', count: 100 };
    await createMonitor(store, { name: 'by-count', endpoint: 'leaf', kind: 'prediction-drift', window }, who);
    await watched.log(250, { from: at(1, '08:00'), to: at(1, '09:00') });
    const run = async (now: Date) =>
      (await runDueMonitors(store, { now, logger: silentLogger })).filter(({ monitor }) => monitor === 'by-count');
    const results = await run(at(1, '10:00'));
    expect(results.map(({ finding }) => finding.details.read)).toMatchObject([{ judged: 100 }, { judged: 100 }]);
    expect(results[1]!.windowStart).toEqual(results[0]!.windowEnd);
    await watched.log(50, { from: at(1, '09:00'), to: at(1, '09:30'), seed: 'more' });
    expect(await run(at(1, '11:00'))).toMatchObject([{ windowStart: results[1]!.windowEnd }]);
  });

  it('a service that is asked faster than its windows can be judged is judged by the newest: it fell ever further behind', async () => {
    await using watched = await shared.another();
    const { store } = watched;
    const window = { by: 'count', count: 20 };
    await createMonitor(
      store,
      { name: 'by-count', endpoint: 'leaf', kind: 'prediction-drift', window, minSamples: 20 },
      who,
    );
    await watched.log(210, { from: at(1, '08:00'), to: at(1, '09:00') });
    const found = await runDueMonitors(store, { now: at(1, '10:00'), logger: silentLogger });
    const results = found.filter(({ monitor }) => monitor === 'by-count');
    expect(results.map(({ finding }) => finding.details.read)).toMatchObject(
      Array(3).fill({ requests: 20, judged: 20 }),
    );
    const { end } = (await store.monitors.newestWindow({ endpoint: 'leaf', end: at(2) }, 1))!;
    expect(results.at(-1)!.windowEnd).toEqual(end);
    for (const [i, { windowEnd }] of results.slice(0, -1).entries())
      expect(windowEnd.getTime()).toBeLessThanOrEqual(results[i + 1]!.windowStart.getTime());
  });

  it('a window of requests spends as much of the chance of a false alarm as it took of the day', async () => {
    await using watched = await shared.another();
    const { store } = watched;
    const window = { by: 'count', count: 100 };
    await createMonitor(store, { name: 'by-count', endpoint: 'leaf', kind: 'label-drift', window }, who);
    await watched.log(100, { from: at(1, '08:00'), to: at(1, '20:00') });
    await watched.log(100, { from: at(1, '20:00'), to: at(2, '02:00'), seed: 'night' });
    const results = await runDueMonitors(store, { now: at(2, '02:30'), logger: silentLogger });
    const [day, night] = results.filter(({ monitor }) => monitor === 'by-count');
    expect(day!.finding.threshold).toBeCloseTo(0.02 / 12 / 2, 4);
    expect(night!.finding.threshold! / day!.finding.threshold!).toBeCloseTo(6 / 12, 1);
  });

  it('looks at a slice of the requests, and at the version that answers now', async () => {
    await using watched = await shared.another();
    const { store } = watched;
    const slice = { attribute: 'device', value: 'tablet' };
    await createMonitor(store, { name: 'tablets', endpoint: 'leaf', kind: 'label-drift', slice }, who);
    const change = (i: number) => ({ attributes: { device: i % 4 === 0 ? 'tablet' : 'phone' } });
    await watched.log(400, { from: at(1), to: at(1, '06:00'), change });
    await watched.log(200, { from: at(1), to: at(1, '06:00'), seed: 'older', change: () => ({ modelVersion: 9 }) });
    const tablets = await runMonitor(store, 'tablets', { actor: tester, now: at(1, '23:00'), logger: silentLogger });
    expect(tablets.finding.details.read).toMatchObject({ requests: 100, judged: 100 });
    expect(await store.monitors.listResults({ monitor: 'tablets' })).toHaveLength(1);
  });

  it('knows where the model looks by the requests for which a heat map was drawn', async () => {
    await using watched = await shared.another();
    const { store } = watched;
    const reference = { from: 'first-days', days: 1 };
    await createMonitor(store, { name: 'own', endpoint: 'leaf', kind: 'heat-map-drift', reference }, who);
    const explained = (border: number) => (i: number) =>
      i % 3 === 0 ? { attention: { border: border + 0.001 * (i % 50), entropy: 0.7 } } : {};
    await watched.log(300, { from: at(1, '08:00'), to: at(2, '08:00'), change: explained(0.1) });
    await watched.log(300, { from: at(2, '08:00'), to: at(3, '08:00'), seed: 'moved', change: explained(0.3) });
    const { state, finding } = await runMonitor(store, 'own', {
      actor: tester,
      now: at(3, '08:00'),
      logger: silentLogger,
    });
    expect({ state, details: finding.details }).toMatchObject({
      state: 'breach',
      details: { reference: 100, window: 100, read: { requests: 100, judged: 100 } },
    });
  });

  it('measures accuracy by labels that came back', async () => {
    await using watched = await shared.another();
    const { store } = watched;
    const records = await watched.log(200, { from: at(1, '08:00'), to: at(1, '20:00') });
    await label(watched, records.slice(0, 100), (i) => i < 30);
    await runDueMonitors(store, { now: at(1, '20:00'), logger: silentLogger });
    const result = await runMonitor(store, 'leaf.measured-accuracy', {
      actor: tester,
      now: at(2),
      logger: silentLogger,
    });
    expect(result).toMatchObject({ state: 'breach', finding: { statistic: 0.7, details: { labelled: 100 } } });
    // the model's own photos: 95 % right, less five points
    expect(result.finding.threshold).toBeCloseTo(0.9, 1);
    expect(alarm([result])).toBe('raise');
  });

  it('a model from before references were kept has not enough data, and says what helps', async () => {
    await using watched = await shared.another(0);
    const { store } = watched;
    await watched.log(100, { from: at(1, '08:00'), to: at(2) });
    const results = await runDueMonitors(store, { now: at(2), logger: silentLogger });
    const drift = results.find(({ kind }) => kind === 'prediction-drift')!;
    expect(drift.state).toBe('not-enough-data');
    expect(drift.finding.said).toContain('train it again');
    expect(statesOf(results)).toMatchObject({ 'error-rate': 'ok', latency: 'ok', 'positive-rate': 'not-enough-data' });
  });

  it("compares with the version's first days once they are over", async () => {
    await using watched = await shared.another();
    const { store } = watched;
    const reference = { from: 'first-days', days: 1 };
    await createMonitor(store, { name: 'own', endpoint: 'leaf', kind: 'label-drift', reference }, who);
    await watched.log(300, { from: at(1, '08:00'), to: at(2, '08:00') });
    await watched.log(300, { from: at(2, '08:00'), to: at(3, '08:00'), world: moved, seed: 'moved' });
    const run = async (now: Date) =>
      (await runMonitor(store, 'own', { actor: tester, now, logger: silentLogger })).state;
    expect(await run(at(2, '12:00'))).toBe('not-enough-data');
    expect(await run(at(3, '08:00'))).toBe('breach');
  });

  it('of a question over three labels an estimate compares answers with answers, also against requests of the past', async () => {
    await using watched = await shared.another();
    const { store } = watched;
    const pattern = { source: 'healthy', flags: '' };
    sign(watched, { kind: 'question', positive: 'unwell', negative: 'healthy', negativePattern: pattern });
    const definition = { name: 'own', endpoint: 'leaf', kind: 'estimated-accuracy', parameters: { min: 0.9 } };
    await createMonitor(store, { ...definition, reference: { from: 'first-days', days: 1 } }, who);
    const change = (i: number) => ({
      label: i % 2 ? 'unwell' : 'healthy',
      probabilities: i % 2 ? [0.2, 0.5, 0.3] : [0.8, 0.1, 0.1],
    });
    await watched.log(600, { from: at(1, '08:00'), to: at(3, '08:00'), change });
    const { finding } = await runMonitor(store, 'own', { actor: tester, now: at(3, '08:00'), logger: silentLogger });
    expect(finding.statistic).toBeCloseTo(0.8, 3);
    expect(finding.details.shares).toEqual({ healthy: expect.closeTo(0.5, 2), unwell: expect.closeTo(0.5, 2) });
  });

  it('a model of several labels has no positive answer to count', async () => {
    await using watched = await shared.another();
    sign(watched, { kind: 'multiclass' });
    await watched.log(100, { from: at(1, '08:00'), to: at(2) });
    const results = await runDueMonitors(watched.store, { now: at(2), logger: silentLogger });
    expect(results.find(({ kind }) => kind === 'positive-rate')).toMatchObject({
      state: 'not-enough-data',
      finding: { said: expect.stringContaining('label-drift') },
    });
  });

  it('of behaviour come with the first user event, and find that users accept less', async () => {
    await using watched = await shared.another();
    const { store } = watched;
    const run = (now: Date) => runDueMonitors(store, { now, logger: silentLogger });
    await run(at(1, '08:00'));
    expect((await store.monitors.listMonitors()).some(({ kind }) => kind === 'acceptance')).toBe(false);
    const [before, after] = [
      await watched.log(120, { from: at(1, '08:00'), to: at(8, '07:00') }),
      await watched.log(120, { from: at(9), to: at(10), seed: 'after' }),
    ];
    await react(watched, before, (i) => (i % 10 ? 'accept' : 'retake'));
    await react(watched, after, (i) => (i % 2 ? 'accept' : 'abandon'));
    const found = statesOf((await run(at(10))).filter(({ windowEnd }) => windowEnd >= at(10)));
    expect(found).toMatchObject({ acceptance: 'breach', abandonment: 'breach', 'user-events': 'ok' });
    expect(found).toMatchObject({ 'time-to-decision': 'not-enough-data', outcome: 'not-enough-data' });
    expect(found).not.toHaveProperty('value-per-request');
  });

  it('of events count what users decided in the end, as acceptance does', async () => {
    await using watched = await shared.another();
    const [before, after] = [
      await watched.log(120, { from: at(1, '08:00'), to: at(8, '07:00') }),
      await watched.log(120, { from: at(9), to: at(10), seed: 'after' }),
    ];
    await react(watched, before, () => 'accept');
    // a slip of the finger, taken back
    await react(watched, after, (i) => (i % 2 ? 'accept' : 'override'));
    await react(watched, after, () => 'accept');
    const results = await runDueMonitors(watched.store, { now: at(10), logger: silentLogger });
    const last = results.filter(({ windowEnd }) => windowEnd >= at(10));
    expect(statesOf(last)).toMatchObject({ acceptance: 'ok', 'user-events': 'ok' });
    expect(last.find(({ kind }) => kind === 'user-events')!.finding.statistic).toBe(0);
  });

  it('of value name their currency, and judge photos whose values have come', async () => {
    await using watched = await shared.another();
    const { store } = watched;
    const make = (parameters: object, days = 2) =>
      createMonitor(
        store,
        { ...{ name: 'worth', endpoint: 'leaf', kind: 'value-per-request', parameters }, window: { by: 'time', days } },
        who,
      );
    await expect(make({})).rejects.toThrow(/name the currency/);
    await expect(make({ currency: 'EURO' })).rejects.toThrow(/name the currency/);
    await expect(make({ currency: 'EUR' }, 1)).rejects.toThrow(/longer than the 24 hours/);
    const reference = { from: 'window', start: at(1).toISOString(), end: at(2).toISOString() };
    const definition = { name: 'worth', endpoint: 'leaf', kind: 'value-per-request', parameters: { currency: 'EUR' } };
    await createMonitor(store, { ...definition, reference, window: { by: 'time', days: 2 } }, who);
    const earlier = await watched.log(100, { from: at(1), to: at(2) });
    const settled = await watched.log(100, { from: at(3), to: at(4), seed: 'settled' });
    await watched.log(100, { from: at(4), to: at(5), seed: 'young' });
    await react(
      watched,
      [...earlier, ...settled].filter((_, i) => i % 2 === 0),
      () => 'sold',
    );
    const { state, finding } = await runMonitor(store, 'worth', { ...who, now: at(5), logger: silentLogger });
    expect(state).toBe('ok');
    expect(finding).toMatchObject({ statistic: 5, details: { reference: 100, window: 100 } });
  });

  it('a removed one does not come back by itself; a switched-off one does not run', async () => {
    await using watched = await shared.another();
    const { store } = watched;
    await runDueMonitors(store, { now: at(1, '09:00'), logger: silentLogger });
    await unaudited(store).monitors.removeMonitor('leaf.latency', at(1, '10:00'));
    await unaudited(store).monitors.setMonitor('leaf.abstain', { isEnabled: false });
    const kinds = (await runDueMonitors(store, { now: at(2), logger: silentLogger })).map(({ kind }) => kind);
    expect(kinds).toHaveLength(monitorKinds.length - 2);
    expect(kinds).not.toContain('latency');
    expect(kinds).not.toContain('abstain');
  });
});

/** The endpoint's monitors as they come by themselves, all but one switched off. */
async function keepOnly({ store }: WatchedEndpoint, kind: string): Promise<void> {
  await runDueMonitors(store, { now: at(1, '08:30'), logger: silentLogger });
  for (const { name, kind: each } of await store.monitors.listMonitors())
    if (each !== kind) await unaudited(store).monitors.setMonitor(name, { isEnabled: false });
}

/** Gives the model a head of three labels. */
function sign({ modelUri }: WatchedEndpoint, task: Task): void {
  const signature: Signature = {
    format: 'mitate/1',
    inputs: [],
    outputs: [],
    labels: ['healthy', 'rust', 'spot'],
    task,
    threshold: 0.5,
    temperature: 1,
    preprocess: { width: 224, height: 224, fit: 'fill', kernel: 'cubic' },
    views: ['plain'],
    backbone: { name: 'none', digest: '' },
    embeddingSize: 64,
    files: {},
  };
  mkdirSync(join(modelUri, servingFolder));
  writeFileSync(join(modelUri, servingFolder, 'signature.json'), JSON.stringify(signature));
}

/** Half an hour after each prediction: a user event, or a sale of 10 EUR. */
async function react(
  { store }: WatchedEndpoint,
  records: Awaited<ReturnType<WatchedEndpoint['log']>>,
  eventOf: (i: number) => string,
): Promise<void> {
  await unaudited(store).feedback.add(
    records.map(({ publicId, endpoint, loggingTime }, i) => {
      const event = eventOf(i);
      const isSale = event === 'sold';
      const requestAt = new Date(loggingTime);
      const said = { kind: isSale ? 'business' : 'event', event, value: isSale ? 10 : null } as const;
      const none = { label: null, truth: null, newClass: false, verdict: null, note: null };
      const by = { source: 'api', who: 'test', idempotencyKey: null } as const;
      const place = { request: publicId, endpoint, requestAt, at: new Date(requestAt.getTime() + 1_800_000) };
      return { ...said, ...none, ...by, ...place, currency: isSale ? 'EUR' : null };
    }),
  );
}

async function label(
  { store }: WatchedEndpoint,
  records: Awaited<ReturnType<WatchedEndpoint['log']>>,
  isWrong: (i: number) => boolean,
): Promise<void> {
  await unaudited(store).feedback.add(
    records.map(({ publicId, endpoint, loggingTime, label: answer }, i) => {
      const truth = isWrong(i) ? other(answer!) : answer!;
      const said = { kind: 'label', label: truth, truth, verdict: null, event: null, value: null, note: null } as const;
      const about = {
        request: publicId,
        endpoint,
        newClass: false,
        requestAt: new Date(loggingTime),
        at: at(1, '21:00'),
      };
      return { ...said, ...about, source: 'api', who: 'test', idempotencyKey: null } as const;
    }),
  );
}
