import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { OpenStore } from '../../../src/store/open-store.ts';
import { registerModel } from '../../support/register-model.ts';
import { requestRecord } from '../../support/request-record.ts';
import { unaudited } from '../../support/unaudited.ts';
import type { StoreFixture } from './fixture.ts';

const change = { who: 'user:ann', why: 'a test' };

/** Two teams on one database, with the same names for everything. */
export function projectsConformance(fixture: StoreFixture): void {
  const newProject = async (): Promise<OpenStore> => {
    const name = randomUUID();
    await unaudited(fixture.store).access.createProject({ name, description: '' });
    return fixture.store.forProject(name);
  };
  const registered = async (store: OpenStore) =>
    registerModel(store, { name: 'roses', uri: `/models/${randomUUID()}`, endpoint: 'garden' });

  describe('two projects', () => {
    it('number models and name endpoints independently', async () => {
      const [mine, theirs] = [await newProject(), await newProject()];
      expect(await registered(mine)).toBe(1);
      expect(await registered(mine)).toBe(2);
      expect(await registered(theirs)).toBe(1);
      expect((await mine.listVersions('roses')).map(({ version }) => version)).toEqual([2, 1]);
      expect(await theirs.listModels()).toMatchObject([{ name: 'roses', versions: 1, champion: 1 }]);
      await unaudited(mine).setAlias({ name: 'roses', alias: 'champion', version: 2, ...change });
      expect(await mine.listDeployments()).toMatchObject([{ endpoint: 'garden', version: 2 }]);
      expect(await theirs.listDeployments()).toMatchObject([{ endpoint: 'garden', version: 1 }]);
      expect(await theirs.aliasTimeline('roses')).toHaveLength(1);
      const foreign = unaudited(theirs).setAlias({ name: 'roses', alias: 'champion', version: 2, ...change });
      await expect(foreign).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
    });

    it("do not find each other's runs, executions and artifacts, even by id", async () => {
      const [mine, theirs] = [await newProject(), await newProject()];
      await registered(mine);
      const [run] = await mine.listRuns();
      const [execution] = await mine.listExecutions(run!.id);
      const [artifact] = await mine.listArtifacts();
      expect(await mine.executionArtifacts(execution!.id)).toMatchObject({ inputs: [{ key: 'model' }] });
      expect(await theirs.listRuns()).toEqual([]);
      expect(await theirs.getRun(run!.id)).toBeNull();
      expect(await unaudited(theirs).requestCancel(run!.id)).toBe(false);
      await expect(theirs.finishRun(run!.id, 'failed', null)).rejects.toMatchObject({ code: 'RUN_UNKNOWN' });
      expect(await theirs.listExecutions(run!.id)).toEqual([]);
      expect(await theirs.getExecution(execution!.id)).toBeNull();
      const unknown = { code: 'EXECUTION_UNKNOWN' };
      await expect(theirs.executionArtifacts(execution!.id)).rejects.toMatchObject(unknown);
      await expect(theirs.failExecution(execution!.id, 'failed', null)).rejects.toMatchObject(unknown);
      expect(await theirs.listArtifacts()).toEqual([]);
      expect(await theirs.listArtifacts({ runId: run!.id })).toEqual([]);
      expect(await theirs.getArtifact(artifact!.id)).toBeNull();
      expect(await theirs.consumers(artifact!.id)).toEqual([]);
      await theirs.markDeleted([artifact!.id]);
      expect((await mine.getArtifact(artifact!.id))?.deletedAt).toBeNull();
    });

    it('do not share a cache', async () => {
      const [mine, theirs] = [await newProject(), await newProject()];
      const cacheKey = randomUUID();
      const about = { pipeline: 'p', seed: 1, definitionDigest: 'd', source: null, gitCommit: null, parameters: {} };
      const [runId, id] = [randomUUID(), randomUUID()];
      const startedAt = new Date();
      await mine.createRun({ ...about, id: runId, who: 'ann', pid: null, trigger: 'demand', startedAt });
      const execution = {
        id,
        runId,
        step: 's',
        component: 'C',
        cacheKey,
        keyParts: { seed: '1' },
        attempt: 1,
        startedAt,
      };
      await mine.startExecution(execution, []);
      await mine.completeExecution(id, { outputs: [], intents: [], summary: null, who: 'ann' });
      expect((await mine.findCached(cacheKey))?.executionId).toBe(id);
      expect(await theirs.findCached(cacheKey)).toBeNull();
      expect((await mine.previousKeyParts('p', ['s'])).get('s')).toEqual({ seed: '1' });
      expect((await theirs.previousKeyParts('p', ['s'])).size).toBe(0);
    });

    it('change only their own endpoints', async () => {
      const [mine, theirs] = [await newProject(), await newProject()];
      await registered(mine);
      expect(await theirs.endpoints.listEndpoints()).toEqual([]);
      expect(await theirs.endpoints.getEndpoint('garden')).toBeNull();
      expect(await theirs.endpoints.endpointTimeline('garden')).toEqual([]);
      expect(await theirs.endpoints.previousPlan('garden')).toBeNull();
      const unknown = { code: 'ENDPOINT_UNKNOWN' };
      await expect(unaudited(theirs).endpoints.setEndpoint('garden', { public: true }, change)).rejects.toMatchObject(
        unknown,
      );
      await expect(unaudited(theirs).endpoints.deleteEndpoint('garden', change)).rejects.toMatchObject(unknown);
      await unaudited(theirs).endpoints.createEndpoint('garden', change);
      const plan = [{ modelName: 'roses', version: 1, role: 'stable' as const, traffic: 100 }];
      const foreign = unaudited(theirs).endpoints.planEndpoint('garden', plan, { ...change, action: 'deploy' });
      await expect(foreign).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
      expect((await mine.endpoints.getEndpoint('garden'))?.deployments).toHaveLength(1);
    });

    it('see only their own requests', async () => {
      const [mine, theirs] = [await newProject(), await newProject()];
      const record = requestRecord({ project: mine.project, endpoint: 'garden', requestId: randomUUID() });
      const line = JSON.stringify({ ...record, imageKept: false });
      await theirs.requests.ingest(randomUUID(), [line], { segment: 1, offset: 0 });
      expect(await mine.requests.listRequests({ endpoint: 'garden' })).toHaveLength(1);
      expect(await mine.requests.getRequest(record.publicId)).not.toBeNull();
      for (const filter of [{}, { endpoint: 'garden' }, { httpRequestId: record.requestId }])
        expect(await theirs.requests.listRequests(filter)).toEqual([]);
      expect(await theirs.requests.getRequest(record.publicId)).toBeNull();
      for await (const _ of theirs.requests.scanRequests()) throw new Error('a request of another project');
    });
  });
}
