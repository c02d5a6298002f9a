import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { NewAlert } from '../../../src/store/alerts/contract.ts';
import type { OpenStore } from '../../../src/store/open-store.ts';
import { unaudited } from '../../support/unaudited.ts';
import type { StoreFixture } from './fixture.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 2, 1) + seconds * 1_000);
const lease = { leaseMs: 60_000, limit: 3 };

function newAlert(monitor: string): NewAlert {
  const times = { since: at(0), openedAt: at(1), lastSeenAt: at(1), windowStart: at(0), windowEnd: at(1) };
  const numbers = { statistic: 0.5, p: null, threshold: 0.3, interval: null };
  const finding = { state: 'breach' as const, ...numbers, said: 'it moved', movers: ['r1'], details: {} };
  const about = { kind: 'label-drift', endpoint: 'leaf', resultSeq: 1, remedy: 'look' };
  return { id: randomUUID(), monitor, ...about, ...times, finding, timeline: [] };
}

const messages = (count: number, channel = 'ops') =>
  Array.from({ length: count }, (_, i) => {
    return { id: randomUUID(), channel: `${channel}-${i}`, news: 'opened' as const, body: `{"i":${i}}` };
  });

export function alertsConformance(fixture: StoreFixture): void {
  const newProject = async (): Promise<OpenStore> => {
    const name = randomUUID();
    await unaudited(fixture.store).access.createProject({ name, description: '' });
    return fixture.store.forProject(name);
  };

  describe('alerts', () => {
    it('open once per monitor under concurrency, with the deliveries of one', async () => {
      const { alerts } = await newProject();
      const attempts = await Promise.all(Array.from({ length: 8 }, () => alerts.openAlert(newAlert('m'), messages(2))));
      const opened = attempts.filter((alert) => alert !== null);
      expect(opened).toHaveLength(1);
      expect(await alerts.listAlerts()).toEqual(opened);
      expect(await alerts.getAlert('m')).toEqual(opened[0]);
      expect(await alerts.listDeliveries()).toHaveLength(2);
    });

    it('are changed by one of several concurrent writers, and only its deliveries are queued', async () => {
      const { alerts } = await newProject();
      const read = (await alerts.openAlert(newAlert('m'), []))!;
      const change = (who: string) => {
        const entry = { at: at(2).toISOString(), who, what: 'resolved' };
        return alerts.changeAlert(read, { state: 'resolved', resolvedAt: at(2), entry }, messages(1, who), at(2));
      };
      const changed = (await Promise.all(['ann', 'ben', 'cleo'].map(change))).filter((alert) => alert !== null);
      expect(changed).toMatchObject([{ state: 'resolved', resolvedAt: at(2) }]);
      const { who } = changed[0]!.timeline[0]!;
      expect((await alerts.listDeliveries()).map(({ channel }) => channel)).toEqual([`${who}-0`]);
      expect(await alerts.getAlert('m')).toBeNull();
      expect(await alerts.openAlert(newAlert('m'), [])).not.toBeNull();
      expect((await alerts.newestAlerts()).get('m')).toMatchObject({ state: 'open' });
    });

    it('are listed newest first, in pages, by state, endpoint and monitor', async () => {
      const { alerts } = await newProject();
      for (const monitor of ['a', 'b', 'c']) await alerts.openAlert(newAlert(monitor), []);
      const names = async (filter: object) => (await alerts.listAlerts(filter)).map(({ monitor }) => monitor);
      const [newest] = await alerts.listAlerts({ limit: 1 });
      expect(await names({})).toEqual(['c', 'b', 'a']);
      expect(await names({ before: newest!.seq })).toEqual(['b', 'a']);
      expect(await names({ monitor: 'b' })).toEqual(['b']);
      expect(await names({ states: ['resolved'] })).toEqual([]);
      expect(await names({ endpoint: 'other' })).toEqual([]);
    });

    it('and channels of other projects are not visible', async () => {
      const [one, other] = [await newProject(), await newProject()];
      const alert = (await one.alerts.openAlert(newAlert('m'), messages(1)))!;
      const hook = { kind: 'webhook' as const, url: 'https://example.com/', secretEnv: 'MITATE_CHANNEL_A' };
      await unaudited(one).alerts.createChannel('ops', hook, { who: 'ann', at: at(0) });
      expect(await other.alerts.getAlert(alert.id)).toBeNull();
      expect(await other.alerts.changeAlert(alert, { state: 'resolved' }, [], at(1))).toBeNull();
      expect(await other.alerts.claimDeliveries({ now: at(9), ...lease })).toEqual([]);
      expect(await other.alerts.listChannels()).toEqual([]);
      await expect(unaudited(other).alerts.removeChannel('ops')).rejects.toMatchObject({ code: 'CHANNEL_UNKNOWN' });
      expect(await unaudited(other).alerts.createChannel('ops', hook, { who: 'ben', at: at(0) })).toMatchObject({
        who: 'ben',
      });
    });
  });

  describe('deliveries', () => {
    it('are claimed by one of several concurrent workers, up to the limit', async () => {
      const { alerts } = await newProject();
      await alerts.openAlert(newAlert('m'), messages(20));
      const claims = await Promise.all(
        Array.from({ length: 6 }, () => alerts.claimDeliveries({ now: at(1), ...lease })),
      );
      expect(claims.every((claim) => claim.length <= lease.limit)).toBe(true);
      for (let more = claims.length; more > 0; ) {
        const claim = await alerts.claimDeliveries({ now: at(1), ...lease });
        claims.push(claim);
        more = claim.length;
      }
      const ids = claims.flat().map(({ id }) => id);
      expect(ids).toHaveLength(20);
      expect(new Set(ids).size).toBe(20);
      expect(claims.flat().every(({ attempts }) => attempts === 1)).toBe(true);
    });

    it('are sent, and do not wait until a clock that was set back by hours has caught up', async () => {
      const { alerts } = await newProject();
      await alerts.openAlert(newAlert('m'), messages(1));
      const claim = (seconds: number) => alerts.claimDeliveries({ now: at(seconds), ...lease });
      expect(await claim(4 * 3600)).toHaveLength(1);
      expect(await claim(4 * 3600 + 1)).toEqual([]);
      expect(await claim(0)).toHaveLength(1);
    });

    it('wait for their time, and for earlier ones of the same alert on the same channel', async () => {
      const { alerts } = await newProject();
      const alert = (await alerts.openAlert(newAlert('m'), messages(1)))!;
      const claim = (seconds: number) => alerts.claimDeliveries({ now: at(seconds), ...lease });
      await alerts.changeAlert(alert, { state: 'resolved' }, messages(1), at(2));
      expect(await claim(0)).toEqual([]);
      const [first, ...more] = await claim(3);
      expect(more).toEqual([]);
      await alerts.finishDelivery(first!, { state: 'waiting', nextAt: at(30), error: 'busy' });
      expect(await claim(29)).toEqual([]);
      const [again] = await claim(30);
      expect(again).toMatchObject({ id: first!.id, attempts: 2, lastError: 'busy' });
      await alerts.finishDelivery(again!, { state: 'delivered', at: at(31), error: null });
      expect(await claim(31)).toMatchObject([{ attempts: 1, createdAt: at(2) }]);
    });
  });
}
