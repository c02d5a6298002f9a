import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { found } from '../../../tests/support/found.ts';
import { ScratchFolder } from '../../../tests/support/scratch-folder.ts';
import { tester } from '../../../tests/support/tester.ts';
import { unaudited } from '../../../tests/support/unaudited.ts';
import { silentLogger } from '../../contracts/logger.ts';
import type { MonitorState } from '../../contracts/loop/monitor.ts';
import { type OpenStore, openStore } from '../../store/open-store.ts';
import { acknowledgeAlert, resolveAlert, showAlert, silenceAlert } from './alert.ts';
import { createChannel } from './channel.ts';
import { raiseAlerts } from './raise.ts';

const day = (n: number) => new Date(Date.UTC(2026, 2, n));
const word = (n: number) => ({ actor: { ...tester, name: 'user:mika' }, why: 'camera was changed', now: day(n) });

describe('alerts of a project', () => {
  const scratch = new ScratchFolder();
  let all: OpenStore;
  let store: OpenStore;
  let projects = 0;
  beforeAll(async () => {
    all = await openStore({ workspace: scratch.at('workspace') });
  });
  afterAll(async () => {
    await all[Symbol.asyncDispose]();
    scratch[Symbol.dispose]();
  });
  /** A project of its own: a store takes a second to open. */
  const fresh = async (channels: string[] = [], heard: object = {}) => {
    const name = `p${++projects}`;
    await unaudited(all).access.createProject({ name, description: '' });
    store = all.forProject(name);
    const hook = { kind: 'webhook', url: 'https://example.com/', secretEnv: 'MITATE_CHANNEL_A' };
    for (const channel of channels)
      await createChannel(store, channel, { ...hook, ...heard }, { actor: tester, now: day(1) });
  };
  const raise = async (n: number) =>
    (await raiseAlerts(store, { now: day(n), logger: silentLogger })).map(
      ({ what, alert }) => `${what} ${alert.monitor}`,
    );
  const days = async (...states: MonitorState[]) => {
    for (const [i, state] of states.entries()) {
      await found(store, { monitor: 'm', day: i + 1, state });
      await raise(i + 2);
    }
  };
  const told = async () =>
    (await store.alerts.listDeliveries()).map(({ news, channel }) => `${news} ${channel}`).sort();

  it.each([
    [0.0001, 49],
    [0.001, 97],
  ])('open where windows overlap, too: those that share no request lie 48 half-hourly checks apart (p %d: check %i)', async (p, check) => {
    await fresh();
    const { finding } = await found(store, { monitor: 'm', day: 1, state: 'ok' });
    const about = { monitor: 'm', endpoint: 'leaf', kind: 'label-drift', state: 'breach' } as const;
    const opened: number[] = [];
    for (let i = 1; i <= check + 1; i++) {
      const windowEnd = new Date(day(3).getTime() + i * 1_800_000);
      const windowStart = new Date(windowEnd.getTime() - 86_400_000);
      const seen = { ...finding, state: 'breach' as const, p };
      await store.monitors.addResult({ ...about, at: windowEnd, windowStart, windowEnd, finding: seen });
      if ((await raiseAlerts(store, { now: windowEnd, logger: silentLogger })).some(({ what }) => what === 'opened'))
        opened.push(i);
    }
    expect(opened).toEqual([check]);
  });

  it('open once, are told to every channel once, and follow what is found', async () => {
    await fresh(['ops', 'team']);
    await found(store, { monitor: 'm', day: 1, movers: ['r1'], said: 'share of unwell 0.628 -> 0.941' });
    expect(await raise(2)).toEqual(['opened m']);
    expect(await raise(2)).toEqual([]);
    const { alert, deliveries } = await showAlert(store, 'm');
    expect(alert).toMatchObject({ state: 'open', since: day(1), openedAt: day(2), kind: 'label-drift' });
    expect(alert.finding).toMatchObject({ said: 'share of unwell 0.628 -> 0.941', movers: ['r1'] });
    expect(alert.remedy).not.toBe('');
    expect(deliveries.map(({ state, body }) => [state, JSON.parse(body).alert.id])).toEqual([
      ['waiting', alert.id],
      ['waiting', alert.id],
    ]);
    await found(store, { monitor: 'm', day: 2 });
    expect(await raise(3)).toEqual(['updated m']);
    expect((await showAlert(store, alert.id)).alert).toMatchObject({ lastSeenAt: day(3), finding: { said: 'day 2' } });
    expect(await told()).toEqual(['opened ops', 'opened team']);
  });

  it('are resolved by two quiet windows, and told so', async () => {
    await fresh(['ops']);
    await days('breach', 'ok', 'ok');
    const [alert] = await store.alerts.listAlerts();
    expect(alert).toMatchObject({ state: 'resolved', resolvedAt: day(4) });
    expect(alert!.timeline.map(({ who, what }) => `${who} ${what}`)).toEqual([
      'mitate opened: day 1',
      'mitate resolved: day 3',
    ]);
    expect(await told()).toEqual(['opened ops', 'resolved ops']);
    expect(await store.alerts.getAlert('m')).toBeNull();
    await found(store, { monitor: 'm', day: 4 });
    expect(await raise(5)).toEqual(['opened m']);
    expect(await store.alerts.listAlerts()).toHaveLength(2);
  });

  it('are opened once by workers that look at the same moment', async () => {
    await fresh(['ops']);
    for (const monitor of ['a', 'b', 'c']) await found(store, { monitor, day: 1 });
    const raised = (await Promise.all([raise(2), raise(2), raise(2)])).flat();
    expect(raised.sort()).toEqual(['opened a', 'opened b', 'opened c']);
    expect(await told()).toEqual(['opened ops', 'opened ops', 'opened ops']);
  });

  it('that somebody looks after stay quiet, and keep who and why', async () => {
    await fresh(['ops']);
    await days('breach');
    const alert = await acknowledgeAlert(store, 'm', word(2));
    expect(alert).toMatchObject({ state: 'acknowledged' });
    expect(alert.timeline.at(-1)).toEqual({
      at: day(2).toISOString(),
      who: 'user:mika',
      what: 'acknowledged: camera was changed',
    });
    await found(store, { monitor: 'm', day: 2 });
    expect(await raise(3)).toEqual(['updated m']);
    expect((await showAlert(store, 'm')).alert.state).toBe('acknowledged');
    expect(await told()).toEqual(['opened ops']);
  });

  it('that are silenced tell nobody until then, and then once', async () => {
    await fresh(['ops']);
    await days('breach');
    await silenceAlert(store, 'm', day(4), word(2));
    await found(store, { monitor: 'm', day: 2 });
    expect(await raise(3)).toEqual(['updated m']);
    expect(await told()).toEqual(['opened ops']);
    expect(await raise(4)).toEqual(['opened m']);
    expect(await raise(4)).toEqual([]);
    expect((await showAlert(store, 'm')).alert).toMatchObject({ state: 'open', silencedUntil: null });
    expect(await told()).toEqual(['opened ops', 'opened ops']);
  });

  it('that somebody resolved come back with the next breach only', async () => {
    await fresh(['ops']);
    await days('breach');
    const resolved = await resolveAlert(store, 'm', word(2));
    expect(await told()).toEqual(['opened ops', 'resolved ops']);
    expect(await raise(3)).toEqual([]);
    for (const change of [acknowledgeAlert, resolveAlert])
      await expect(change(store, resolved.id, word(3))).rejects.toMatchObject({ code: 'ALERT_RESOLVED' });
    await found(store, { monitor: 'm', day: 2 });
    expect(await raise(3)).toEqual(['opened m']);
  });

  it('end with their monitor, and whoever was told of them is told so', async () => {
    await fresh(['ops']);
    await days('breach');
    await unaudited(store).monitors.removeMonitor('m', day(2));
    expect(await raise(3)).toEqual(['resolved m']);
    expect(await raise(3)).toEqual([]);
    expect(await told()).toEqual(['opened ops', 'resolved ops']);
  });

  it('that are resolved by hand do not come back by a check without data', async () => {
    await fresh(['ops']);
    await days('breach');
    await resolveAlert(store, 'm', word(2));
    await found(store, { monitor: 'm', day: 2, state: 'not-enough-data' });
    expect(await raise(3)).toEqual([]);
  });

  it('are told to channels that hear of them alone, and their end to those who heard of the beginning', async () => {
    await fresh(['drift'], { monitors: ['label-drift'] });
    const hook = { kind: 'webhook', url: 'https://example.com/', secretEnv: 'MITATE_CHANNEL_A' };
    const made = { actor: tester, now: day(1) };
    await createChannel(store, 'pager', { ...hook, leastSeverity: 'critical' }, made);
    await found(store, { monitor: 'm', day: 1 });
    await found(store, { monitor: 'errors', kind: 'error-rate', day: 1 });
    await raise(2);
    expect(await told()).toEqual(['opened drift', 'opened pager']);
    expect((await showAlert(store, 'errors')).alert.severity).toBe('critical');
    await createChannel(store, 'late', hook, made);
    await resolveAlert(store, 'm', word(2));
    expect(await told()).toEqual(['opened drift', 'opened pager', 'resolved drift']);
  });

  it.each([
    ['an endpoint that is not there', { endpoints: ['leef'] }, 'there is no endpoint "leef"'],
    ['a monitor that is not there', { monitors: ['label-drit'] }, 'there is no monitor or monitor kind "label-drit"'],
    [
      'monitors whose alerts are less severe than it asks for',
      { monitors: ['label-drift'], leastSeverity: 'critical' },
      'alerts of "label-drift" have severity "warning", below "critical"',
    ],
  ])('are not waited for in vain by a channel that names %s', async (_what, heard, reason) => {
    await expect(fresh(['ops'], heard)).rejects.toMatchObject({
      code: 'CHANNEL_INVALID',
      message: expect.stringContaining(reason),
    });
  });

  it('are changed by one of two who change them at the same moment', async () => {
    await fresh();
    await days('breach');
    const ends = await Promise.allSettled([acknowledgeAlert(store, 'm', word(2)), resolveAlert(store, 'm', word(2))]);
    const refused = ends.filter((end) => end.status === 'rejected').map(({ reason }) => reason.code);
    expect(refused).toHaveLength(1);
    expect(['ALERT_CHANGED', 'ALERT_RESOLVED']).toContain(refused[0]);
  });

  it.each([
    ['a moment that has passed', 2, 2],
    ['for longer than 90 days', 2, 93],
  ])('are not silenced until %s', async (_what, now, until) => {
    await fresh();
    await days('breach');
    const silencing = silenceAlert(store, 'm', day(until), word(now));
    await expect(silencing).rejects.toMatchObject({ code: 'ALERT_SILENCE_INVALID' });
    expect((await showAlert(store, 'm')).alert.state).toBe('open');
  });

  it('of other projects are not there', async () => {
    await fresh();
    await days('breach');
    const { id } = (await showAlert(store, 'm')).alert;
    await fresh();
    await expect(showAlert(store, id)).rejects.toMatchObject({ code: 'ALERT_UNKNOWN' });
    await expect(acknowledgeAlert(store, 'm', word(2))).rejects.toMatchObject({ code: 'ALERT_UNKNOWN' });
    expect(await raise(3)).toEqual([]);
  });
});
