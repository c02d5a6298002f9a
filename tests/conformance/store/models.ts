import { randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTree } from '../../../src/store/artifacts/tree-digest.ts';
import { unaudited } from '../../support/unaudited.ts';
import type { StoreFixture } from './fixture.ts';

export function modelsConformance(fixture: StoreFixture): void {
  const { newRun, newExecution, complete, newModel, push, tick } = fixture;

  describe('models', () => {
    it('get versions; the first is champion and served, a later one challenger without traffic', async () => {
      const [modelName, endpoint] = [randomUUID(), randomUUID()];
      const { id: runId } = await newRun();
      const first = await newModel(runId);
      const { answer } = await push(runId, first, { modelName, endpoint });
      expect(answer[0]?.properties).toEqual({ modelName, version: 1, endpoint });
      const { id } = await push(runId, await newModel(runId), { modelName, endpoint, metrics: { auc: 1 } });
      const versions = await fixture.store.listVersions(modelName);
      expect(versions.map(({ version, aliases }) => ({ version, aliases }))).toEqual([
        { version: 2, aliases: ['challenger'] },
        { version: 1, aliases: ['champion'] },
      ]);
      expect(versions[0]).toMatchObject({ executionId: id, runId, blessed: true, metrics: { auc: 1 } });
      expect(versions[1]).toMatchObject({ artifactId: first.id, artifactUri: first.uri, artifactDigest: first.digest });
      expect(await fixture.store.listDeployments(endpoint)).toMatchObject([
        { endpoint, modelName, version: 1, role: 'stable', traffic: 100 },
      ]);
      expect((await fixture.store.listModels()).find(({ name }) => name === modelName)).toMatchObject({
        versions: 2,
        champion: 1,
        createdAt: expect.any(Date),
      });
    });

    it('push once per execution and once per digest', async () => {
      const modelName = randomUUID();
      const { id: runId } = await newRun();
      const model = await newModel(runId);
      const { again, answer } = await push(runId, model, { modelName });
      expect(await again()).toEqual(answer);
      const same = await newModel(runId, { digest: model.digest });
      const { answer: second } = await push(runId, same, { modelName });
      expect(second[0]?.properties.version).toBe(1);
      expect(await fixture.store.listVersions(modelName)).toHaveLength(1);
      expect(await fixture.store.aliasTimeline(modelName)).toHaveLength(1);
    });

    it('number versions without gaps when many push at once', async () => {
      const modelName = randomUUID();
      const { id: runId } = await newRun();
      const models = await Promise.all(Array.from({ length: 8 }, () => newModel(runId)));
      await Promise.all(models.map((model) => push(runId, model, { modelName })));
      const versions = (await fixture.store.listVersions(modelName)).map(({ version }) => version);
      expect(versions).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
      expect((await fixture.store.findVersion(modelName))?.aliases).toContain('champion');
    });

    it('move champion and stable traffic together, and record who, when and why', async () => {
      const [name, endpoint] = [randomUUID(), randomUUID()];
      const { id: runId } = await newRun();
      await push(runId, await newModel(runId), { modelName: name, endpoint });
      await push(runId, await newModel(runId), { modelName: name });
      const before = tick();
      await unaudited(fixture.store).setAlias({ name, alias: 'champion', version: 2, who: 'bob', why: 'better' });
      expect(await fixture.store.listDeployments(endpoint)).toMatchObject([
        { version: 2, role: 'stable', traffic: 100 },
      ]);
      expect(
        (await fixture.store.aliasTimeline(name, 'champion')).map(({ version, who }) => ({ version, who })),
      ).toEqual([
        { version: 2, who: 'bob' },
        { version: 1, who: 'ann@garden' },
      ]);
      expect(await fixture.store.aliasAt(name, 'champion', before)).toBe(1);
      expect(await fixture.store.aliasAt(name, 'champion', tick())).toBe(2);
      expect(await fixture.store.aliasAt(name, 'champion', new Date(0))).toBeNull();
      const missing = unaudited(fixture.store).setAlias({ name, alias: 'champion', version: 9, who: 'bob', why: '' });
      await expect(missing).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
    });

    it('are found by name, number and alias', async () => {
      const name = `@scope/${randomUUID()}`;
      const { id: runId } = await newRun();
      await push(runId, await newModel(runId), { modelName: name });
      await push(runId, await newModel(runId), { modelName: name });
      const version = async (reference: string) => (await fixture.store.findVersion(reference))?.version;
      expect(await version(`${name}@2`)).toBe(2);
      expect(await version(`${name}@champion`)).toBe(1);
      expect(await version(`${name}@challenger`)).toBe(2);
      expect(await version(`${name}@7`)).toBeUndefined();
      expect(await version(`${name}@none`)).toBeUndefined();
      expect(await version('none')).toBeUndefined();
    });

    it('are resolved as an output that is the stored artifact', async () => {
      const modelName = randomUUID();
      const { id: runId } = await newRun();
      const resolve = async (strategy: 'latest-blessed' | 'latest' | 'champion') => {
        const id = await newExecution(runId, { step: 'resolve' });
        const intent = { kind: 'resolve-model', strategy, modelName, output: 'model' } as const;
        return (await complete(id, [], [intent]))[0];
      };
      expect(await resolve('latest-blessed')).toBeUndefined();
      const first = await newModel(runId);
      await push(runId, first, { modelName });
      const second = await newModel(runId);
      await push(runId, second, { modelName, blessed: false });
      expect(await resolve('latest-blessed')).toMatchObject({ id: first.id, key: 'model', uri: first.uri });
      expect(await resolve('latest')).toMatchObject({ id: second.id });
      expect(await resolve('champion')).toMatchObject({ id: first.id });
    });

    it('are copied to the destination, whatever a killed attempt left there', async () => {
      const uri = join(fixture.store.workspace.artifacts, randomUUID());
      await mkdir(join(uri, 'Format-Serving'), { recursive: true });
      await writeFile(join(uri, 'Format-Serving', 'model.onnx'), 'weights');
      const { digest } = await readTree(uri);
      const destination = join(fixture.store.workspace.dir, 'served', randomUUID());
      await mkdir(join(destination, '1'), { recursive: true });
      await writeFile(join(destination, '1', 'half'), 'wr');
      const { id: runId } = await newRun();
      const model = await newModel(runId, { uri, digest });
      const { answer } = await push(runId, model, { modelName: randomUUID(), destination });
      expect((await readTree(join(destination, '1'))).digest).toBe(digest);
      expect(await readFile(join(destination, '1', 'Format-Serving', 'model.onnx'), 'utf8')).toBe('weights');
      expect(answer[0]?.properties.pushedDestination).toBe(join(destination, '1'));
    });

    it('are not registered when the copy fails', async () => {
      const modelName = randomUUID();
      const { id: runId } = await newRun();
      const model = await newModel(runId);
      const destination = join(fixture.store.workspace.dir, 'served');
      const pushed = push(runId, model, { modelName, destination });
      await expect(pushed).rejects.toMatchObject({ code: 'ARTIFACT_MISSING' });
      expect(await fixture.store.listVersions(modelName)).toEqual([]);
      const noInput = complete(
        await newExecution(runId),
        [],
        [{ kind: 'push-model', modelName, input: 'model', output: 'p', blessed: true, metrics: {} }],
      );
      await expect(noInput).rejects.toMatchObject({ code: 'MODEL_INPUT_MISSING' });
    });
  });
}
