import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { StoreFixture } from './fixture.ts';

export function executionsConformance(fixture: StoreFixture): void {
  const { newRun, newExecution, output, complete, newModel } = fixture;

  describe('executions', () => {
    it('publish outputs atomically, and return the same when completed twice', async () => {
      const { id: runId, pipeline } = await newRun();
      const id = await newExecution(runId);
      const outputs = [output(), output({ key: 'modelRun', type: 'ModelRun' })];
      const first = await complete(id, outputs);
      expect(await complete(id, outputs)).toEqual(first);
      expect(first.map(({ key }) => key)).toEqual(['model', 'modelRun']);
      const { key: _, ...artifact } = first[0]!;
      expect(await fixture.store.getArtifact(artifact.id)).toMatchObject({
        ...artifact,
        pipeline,
        step: 'train',
        executionId: id,
        sizeBytes: 5_000_000_000,
        deletedAt: null,
      });
      expect((await fixture.store.listExecutions(runId))[0]).toMatchObject({
        id,
        state: 'succeeded',
        summary: '10 photos',
      });
    });

    it('cannot end with another state', async () => {
      const { id: runId } = await newRun();
      const id = await newExecution(runId);
      await fixture.store.failExecution(id, 'failed', null);
      await fixture.store.failExecution(id, 'failed', null);
      await expect(complete(id, [output()])).rejects.toMatchObject({ code: 'EXECUTION_ENDED' });
      await expect(fixture.store.failExecution(id, 'cancelled', null)).rejects.toMatchObject({
        code: 'EXECUTION_ENDED',
      });
      await expect(complete('none', [])).rejects.toMatchObject({ code: 'EXECUTION_UNKNOWN' });
      expect(await fixture.store.listArtifacts({ runId })).toEqual([]);
    });

    it('leave nothing when one output cannot be stored', async () => {
      const { id: runId } = await newRun();
      const id = await newExecution(runId);
      const twin = output();
      await expect(complete(id, [twin, { ...twin, key: 'other' }])).rejects.toThrow();
      expect(await fixture.store.getArtifact(twin.id)).toBeNull();
      expect((await fixture.store.listExecutions(runId))[0]?.state).toBe('running');
    });

    it('are found by cache key while all their outputs live', async () => {
      const cacheKey = randomUUID();
      const { id: runId } = await newRun();
      expect(await fixture.store.findCached(cacheKey)).toBeNull();
      const old = await newExecution(runId, { cacheKey });
      await complete(old, [output()]);
      const id = await newExecution(runId, { cacheKey });
      const [model] = await complete(id, [output(), output({ key: 'modelRun', type: 'ModelRun' })]);
      const failed = await newExecution(runId, { cacheKey });
      await fixture.store.failExecution(failed, 'failed', null);
      expect((await fixture.store.findCached(cacheKey))?.executionId).toBe(id);
      expect((await fixture.store.findCached(cacheKey))?.outputs.map(({ key }) => key).sort()).toEqual([
        'model',
        'modelRun',
      ]);
      await fixture.store.markDeleted([model!.id]);
      expect((await fixture.store.findCached(cacheKey))?.executionId).toBe(old);
    });

    it('from the cache have the outputs of the original', async () => {
      const first = await newRun();
      const original = await newExecution(first.id);
      const [model] = await complete(original, [output()]);
      const { id: runId } = await newRun();
      const id = randomUUID();
      const about = { step: 'train', component: 'Trainer', cacheKey: null, keyParts: { version: '2' }, attempt: 1 };
      await fixture.store.recordCached({ ...about, id, runId, startedAt: fixture.tick() }, [], original);
      expect((await fixture.store.executionArtifacts(id)).outputs.map(({ artifact }) => artifact.id)).toEqual([
        model!.id,
      ]);
      expect((await fixture.store.listArtifacts({ runId })).map((artifact) => artifact.id)).toEqual([model!.id]);
      expect((await fixture.store.listExecutions(runId))[0]).toMatchObject({ state: 'cached', cachedFrom: original });
    });

    it("keep the key parts of each step's last success", async () => {
      const { id: runId, pipeline } = await newRun();
      const about = { runId, step: 'train', component: 'Trainer', cacheKey: null, attempt: 1 };
      for (const version of ['1', '2', 'failed']) {
        const id = randomUUID();
        const startedAt = fixture.tick();
        await fixture.store.startExecution({ ...about, id, keyParts: { version }, startedAt }, []);
        if (version === 'failed') await fixture.store.failExecution(id, 'failed', null);
        else await complete(id, []);
      }
      const before = await fixture.store.previousKeyParts(pipeline, ['train', 'other']);
      expect([...before]).toEqual([['train', { version: '2' }]]);
      expect((await fixture.store.previousKeyParts('another', ['train'])).size).toBe(0);
    });

    it('have lineage in both directions', async () => {
      const { id: runId } = await newRun();
      const model = await newModel(runId);
      const inputs = ['a', 'b', 'b'].map((key) => ({ key, artifactId: model.id }));
      const id = await newExecution(runId, { inputs });
      expect((await fixture.store.executionArtifacts(id)).inputs.map(({ key }) => key)).toEqual(['a', 'b']);
      expect((await fixture.store.consumers(model.id)).map((execution) => execution.id)).toEqual([id]);
    });

    it('stay separate under load', async () => {
      const { id: runId } = await newRun();
      const ids = await Promise.all(Array.from({ length: 50 }, () => newExecution(runId)));
      await Promise.all(ids.map((id) => complete(id, [output({ properties: { id } })])));
      const found = await fixture.store.listArtifacts({ runId });
      expect(found).toHaveLength(50);
      expect(found.every(({ executionId, properties }) => properties.id === executionId)).toBe(true);
    });
  });
}
