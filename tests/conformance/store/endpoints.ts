import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { DeploymentPlan } from '../../../src/contracts/endpoint.ts';
import { unaudited } from '../../support/unaudited.ts';
import type { StoreFixture } from './fixture.ts';

const who = { who: 'user:ann', why: 'a test' };

export function endpointsConformance(fixture: StoreFixture): void {
  const { newRun, newModel, push } = fixture;

  /** A model with so many versions, and an endpoint that gives everything to the first. */
  const served = async (versions: number) => {
    const [model, endpoint] = [randomUUID(), randomUUID()];
    const { id: runId } = await newRun();
    for (let v = 0; v < versions; v++) await push(runId, await newModel(runId), { modelName: model, endpoint });
    const plan = (...shares: [version: number, role: DeploymentPlan['role'], traffic: number][]): DeploymentPlan[] =>
      shares.map(([version, role, traffic]) => ({ modelName: model, version, role, traffic }));
    return { model, endpoint, plan };
  };
  const live = async (endpoint: string) =>
    (await fixture.store.endpoints.getEndpoint(endpoint))!.deployments.map(({ version, role, traffic }) => [
      version,
      role,
      traffic,
    ]);

  describe('endpoints', () => {
    it('have settings: defaults until set, and after null', async () => {
      const { endpoints } = unaudited(fixture.store);
      const name = randomUUID();
      const made = await endpoints.createEndpoint(name, { ...who, displayName: '葉', settings: { public: true } });
      expect(made).toMatchObject({ name, displayName: '葉', deployments: [] });
      expect(made.settings).toMatchObject({ public: true, deadlineMs: 10_000, abstain: null });
      await endpoints.setEndpoint(name, { abstain: { low: 0.4, high: 0.6 }, deadlineMs: 500 }, who);
      const { settings } = await endpoints.setEndpoint(name, { deadlineMs: null }, who);
      expect(settings).toMatchObject({ public: true, deadlineMs: 10_000, abstain: { low: 0.4, high: 0.6 } });
      expect((await endpoints.listEndpoints()).find((each) => each.name === name)?.settings).toEqual(settings);
      const wrong = endpoints.setEndpoint(name, { abstain: { low: 0.6, high: 0.4 } }, who);
      await expect(wrong).rejects.toMatchObject({ code: 'ENDPOINT_SETTING_INVALID' });
      const again = endpoints.createEndpoint(name, who);
      await expect(again).rejects.toMatchObject({ code: 'ENDPOINT_EXISTS' });
      const unknown = endpoints.setEndpoint(randomUUID(), { public: true }, who);
      await expect(unknown).rejects.toMatchObject({ code: 'ENDPOINT_UNKNOWN' });
    });

    it('replace all deployments; one with the same version and role keeps its id', async () => {
      const { endpoints } = unaudited(fixture.store);
      const { endpoint, plan } = await served(3);
      const [first] = (await endpoints.getEndpoint(endpoint))!.deployments;
      const after = await endpoints.planEndpoint(endpoint, plan([1, 'stable', 90], [2, 'canary', 10]), {
        ...who,
        action: 'deploy',
      });
      expect(after.deployments.map(({ id }) => id)).toContain(first!.id);
      await endpoints.planEndpoint(endpoint, plan([2, 'stable', 100], [3, 'shadow', 50]), { ...who, action: 'deploy' });
      expect(await live(endpoint)).toEqual([
        [2, 'stable', 100],
        [3, 'shadow', 50],
      ]);
      expect((await endpoints.getEndpoint(endpoint))!.deployments.map(({ id }) => id)).not.toContain(first!.id);
      await endpoints.planEndpoint(endpoint, [], { ...who, action: 'undeploy' });
      expect(await live(endpoint)).toEqual([]);
    });

    it('reject inconsistent plans, and change nothing', async () => {
      const { endpoints } = unaudited(fixture.store);
      const { endpoint, model, plan } = await served(2);
      const refused = async (wanted: DeploymentPlan[], code: string) => {
        const change = endpoints.planEndpoint(endpoint, wanted, { ...who, action: 'traffic' });
        await expect(change).rejects.toMatchObject({ code });
      };
      await refused(plan([1, 'stable', 90]), 'TRAFFIC_INVALID');
      await refused(plan([1, 'stable', 60], [2, 'stable', 40]), 'TRAFFIC_INVALID');
      await refused(plan([1, 'canary', 100]), 'TRAFFIC_INVALID');
      await refused(plan([1, 'stable', 99.5], [2, 'canary', 0.5]), 'TRAFFIC_INVALID');
      await refused(plan([1, 'stable', 100], [1, 'canary', 0]), 'TRAFFIC_INVALID');
      await refused(plan([1, 'stable', 50], [9, 'canary', 50]), 'MODEL_NOT_FOUND');
      const stale = endpoints.planEndpoint(endpoint, plan([2, 'stable', 100]), {
        ...who,
        action: 'promote',
        expected: plan([2, 'stable', 100]),
      });
      await expect(stale).rejects.toMatchObject({ code: 'ENDPOINT_CHANGED' });
      expect(await live(endpoint)).toEqual([[1, 'stable', 100]]);
      expect((await fixture.store.findVersion(`${model}@champion`))?.version).toBe(1);
    });

    it('promote: traffic and champion together, and remove the challenger alias', async () => {
      const { endpoints } = unaudited(fixture.store);
      const { endpoint, model, plan } = await served(2);
      expect((await fixture.store.findVersion(`${model}@challenger`))?.version).toBe(2);
      await endpoints.planEndpoint(endpoint, plan([2, 'stable', 100]), { ...who, action: 'promote', promote: true });
      expect(await fixture.store.findVersion(`${model}@2`)).toMatchObject({ aliases: ['champion'] });
      expect(await fixture.store.aliasTimeline(model, 'champion')).toMatchObject([{ version: 2, ...who }, {}]);
    });

    it('record who did what, including pushes and promotions of their model', async () => {
      const { endpoints } = fixture.store;
      const { endpoint, model, plan } = await served(2);
      await unaudited(fixture.store).setAlias({
        name: model,
        alias: 'champion',
        version: 2,
        who: 'bob',
        why: 'better',
      });
      await endpoints.noteEndpoint(endpoint, { action: 'refused', details: { reason: 'NaN' }, ...who });
      const [refused, promoted, pushed, ...more] = await endpoints.endpointTimeline(endpoint);
      expect(more).toEqual([]);
      expect(refused).toMatchObject({ action: 'refused', after: { reason: 'NaN' }, endpoint, ...who });
      expect(promoted).toMatchObject({
        action: 'promote',
        who: 'bob',
        before: plan([1, 'stable', 100]),
        after: plan([2, 'stable', 100]),
      });
      expect(pushed).toMatchObject({ action: 'deploy', before: [], after: plan([1, 'stable', 100]) });
      const page = await endpoints.endpointTimeline(endpoint, { before: promoted!.seq, limit: 5 });
      expect(page).toEqual([pushed]);
    });

    it('know the previous plan, and the one before it after a rollback', async () => {
      const { endpoints } = unaudited(fixture.store);
      const { endpoint, plan } = await served(3);
      expect(await endpoints.previousPlan(endpoint)).toBeNull();
      const steps = [plan([1, 'stable', 100]), plan([1, 'stable', 80], [2, 'canary', 20]), plan([2, 'stable', 100])];
      for (const each of steps.slice(1)) await endpoints.planEndpoint(endpoint, each, { ...who, action: 'deploy' });
      await endpoints.setEndpoint(endpoint, { public: true }, who);
      for (const each of [steps[1]!, steps[0]!]) {
        const before = await endpoints.previousPlan(endpoint);
        expect(before).toEqual(each);
        await endpoints.planEndpoint(endpoint, before!, { ...who, action: 'rollback' });
      }
      expect(await endpoints.previousPlan(endpoint)).toBeNull();
    });

    it('change the revision with everything except notes', async () => {
      const { endpoints } = unaudited(fixture.store);
      const { endpoint, plan } = await served(1);
      let before = await endpoints.endpointsRevision();
      const changed = async () => {
        const now = await endpoints.endpointsRevision();
        const isNew = now !== before;
        before = now;
        return isNew;
      };
      expect(await changed()).toBe(false);
      await endpoints.noteEndpoint(endpoint, { action: 'ready', details: {}, ...who });
      expect(await changed()).toBe(false);
      await endpoints.setEndpoint(endpoint, { public: true }, who);
      expect(await changed()).toBe(true);
      await endpoints.planEndpoint(endpoint, plan([1, 'stable', 100]), { ...who, action: 'traffic' });
      expect(await changed()).toBe(true);
      await served(1);
      expect(await changed()).toBe(true);
    });

    it('are removed without deployments; a new one of that name starts empty', async () => {
      const { endpoints } = unaudited(fixture.store);
      const { endpoint, plan } = await served(1);
      await endpoints.setEndpoint(endpoint, { public: true }, who);
      const serving = endpoints.deleteEndpoint(endpoint, who);
      await expect(serving).rejects.toMatchObject({ code: 'ENDPOINT_SERVES' });
      await endpoints.planEndpoint(endpoint, [], { ...who, action: 'undeploy' });
      await endpoints.deleteEndpoint(endpoint, who);
      expect(await endpoints.getEndpoint(endpoint)).toBeNull();
      expect((await endpoints.listEndpoints()).map(({ name }) => name)).not.toContain(endpoint);
      const gone = endpoints.planEndpoint(endpoint, plan([1, 'stable', 100]), { ...who, action: 'deploy' });
      await expect(gone).rejects.toMatchObject({ code: 'ENDPOINT_UNKNOWN' });
      const again = await endpoints.createEndpoint(endpoint, who);
      expect(again).toMatchObject({ deployments: [], settings: { public: false } });
      expect(await endpoints.previousPlan(endpoint)).toBeNull();
    });
  });
}
