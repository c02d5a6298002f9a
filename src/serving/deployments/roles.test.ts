import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { drawnPhotos } from '../../../tests/support/drawn-photos.ts';
import {
  headWith,
  makeModel,
  modelBytes,
  type TestModel,
  writeModelFolder,
} from '../../../tests/support/model-folder.ts';
import { registerModel } from '../../../tests/support/register-model.ts';
import { ScratchFolder } from '../../../tests/support/scratch-folder.ts';
import { ServedWorkspace } from '../../../tests/support/served-workspace.ts';
import { unaudited } from '../../../tests/support/unaudited.ts';
import { silentLogger } from '../../contracts/logger.ts';
import { requestRecordSchema } from '../../contracts/request-record.ts';
import { openContainerService } from '../container-service.ts';
import { createMetrics } from '../metrics.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

const models = new ScratchFolder();
let served: ServedWorkspace;
let model: TestModel;
let photos: Uint8Array[];
let uris: string[];

const stable = (version: number, traffic = 100) => ({ version, role: 'stable' as const, traffic });
const predict = (...args: Parameters<ServedWorkspace['request']>) => served.service.predict(served.request(...args));

beforeAll(async () => {
  photos = (await drawnPhotos(12)).map(({ bytes }) => bytes);
  model = await makeModel(photos, ['ash', 'elm', 'oak', 'fir']);
  const head = (seed: number) =>
    headWith(model, (weight) => ({ weight: weight.map((value, i) => value * Math.cos(seed * i)) }));
  uris = [1, 2, 3].map((seed) =>
    writeModelFolder(models.at(`v${seed}`), model, { bytes: modelBytes(model, head(seed)), warmup: 0 }),
  );
  served = await ServedWorkspace.open(uris, { processes: 2 });
});
afterAll(async () => {
  await served[Symbol.asyncDispose]();
  models[Symbol.dispose]();
});
beforeEach(() => {
  served.sink.entries.length = 0;
});

describe('a canary', () => {
  it('answers its own keys, each time', async () => {
    await served.plan([stable(1, 70), { version: 2, role: 'canary', traffic: 30 }]);
    await served.service.refresh();
    const ask = () =>
      Promise.all(
        Array.from({ length: 40 }, async (_, i) => {
          const { predictions } = await predict(photos[0]!, { assignmentKey: `phone-${i}` });
          return [predictions[0]!.model.version, predictions[0]!.deployment.role];
        }),
      );
    const answers = await ask();
    expect(await ask()).toEqual(answers);
    const canaries = answers.filter(([, role]) => role === 'canary');
    expect(canaries.length).toBeGreaterThan(2);
    expect(canaries.length).toBeLessThan(25);
    for (const [version, role] of answers) expect(version).toBe(role === 'canary' ? 2 : 1);
    const logged = served.sink.records.filter(({ role }) => role === 'canary').map(({ modelVersion }) => modelVersion);
    expect(logged).toHaveLength(2 * canaries.length);
  });
});

describe('a shadow', () => {
  it('sees what was answered, is logged beside it, and never answers', async () => {
    await served.plan([stable(1), { version: 2, role: 'shadow', traffic: 100 }]);
    await served.service.refresh();
    const answers = await Promise.all(photos.slice(0, 5).map((photo) => predict(photo)));
    for (const { predictions } of answers) expect(predictions[0]!.model.version).toBe(1);
    await vi.waitUntil(() => served.sink.records.length === 10, 20_000);
    const shadows = served.sink.records.filter(({ role }) => role === 'shadow');
    for (const record of shadows) {
      requestRecordSchema.parse(record);
      expect(record).toMatchObject({ modelVersion: 2, response: null, status: 200 });
    }
    const answered = answers.map(({ predictions }) => predictions[0]!.id).sort();
    expect(shadows.map(({ shadowOf }) => shadowOf).sort()).toEqual(answered);
    expect(await served.metrics.text()).toMatch(
      /mitate_shadow_answers_total\{project="default",endpoint="leaf",agrees="(true|false)"\} \d/,
    );
  });

  it('lets photos go beyond what idle moments allow, and closing does not wait for them', async () => {
    await served.start({ limits: { maxWaitMs: 60_000 } });
    await Promise.all(Array.from({ length: 120 }, (_, i) => predict(photos[i % photos.length]!)));
    await served.start();
    const shadows = served.sink.records.filter(({ role }) => role === 'shadow');
    expect(served.sink.records.length - shadows.length).toBe(120);
    expect(shadows.length).toBeLessThan(120);
  });
});

describe('a project', () => {
  it('has endpoints and models of its own under the same names', async () => {
    await unaudited(served.store).access.createProject({ name: 'team', description: '' });
    const team = served.store.forProject('team');
    await served.plan([stable(1)]);
    await registerModel(team, { name: 'leaf', uri: uris[2]!, endpoint: 'leaf' });
    await served.service.refresh();
    const { principal } = served.request(photos[0]!);
    const theirs = await predict(photos[0]!, { principal: { ...principal, project: 'team' } });
    const ours = await predict(photos[0]!);
    expect(theirs.predictions[0]!.probability).not.toBe(ours.predictions[0]!.probability);
    expect(served.sink.records.map(({ project, modelVersion }) => [project, modelVersion])).toEqual([
      ['team', 1],
      ['default', 1],
    ]);
    expect(served.service.describe('team', 'leaf')).toMatchObject({
      name: 'leaf',
      labels: model.labels,
      positive: null,
    });
  });
});

describe('under a memory budget', () => {
  it('the least used model is unloaded, and loaded again when it is asked', async () => {
    const { endpoints } = unaudited(served.store);
    await served.plan([stable(1)]);
    await endpoints.createEndpoint('second', { who: 'test', why: 'test' });
    const plan = [{ modelName: 'leaf', ...stable(2) }];
    await endpoints.planEndpoint('second', plan, { action: 'deploy', who: 'test', why: 'test' });
    const unloaded: unknown[] = [];
    const logger = {
      ...silentLogger,
      info: (message: string, fields: unknown) => /unloaded/.test(message) && unloaded.push(fields),
    };
    await served.start({ limits: { memoryBudgetBytes: 1 }, logger });
    const ask = async (endpoint: string) => (await predict(photos[0]!, { endpoint })).predictions[0]!.model.version;
    for (let i = 0; i < 3; i++) expect([await ask('leaf'), await ask('second')]).toEqual([1, 2]);
    expect(unloaded.length).toBeGreaterThan(4);
    const both = Array.from({ length: 20 }, (_, i) => ask(i % 2 ? 'leaf' : 'second'));
    expect(new Set(await Promise.all(both))).toEqual(new Set([1, 2]));
    await ask('second');
    const file = join(uris[0]!, 'Format-Serving/model.onnx');
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.subarray(1));
    await expect(ask('leaf')).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE', status: 503 });
    writeFileSync(file, bytes);
    expect(await ask('leaf')).toBe(1);
    await served.start();
  });
});

describe('an idempotency key from before a restart', () => {
  it('gives the answer of the request log, and no second row', async () => {
    const idempotency = { key: 'before', bodyDigest: 'd'.repeat(64) };
    const ask = (change = {}) =>
      predict(photos[0]!, { endpoint: 'leaf', idempotency, images: photos.slice(0, 2), ...change });
    const first = await ask();
    const rows = served.sink.records.map((record) => JSON.stringify({ ...record, imageKept: false }));
    await served.store.requests.makePartitions(new Date());
    await served.store.requests.ingest('test', rows, { segment: 1, offset: 1 });
    const replay = Promise.withResolvers<void>();
    await served.start({ replayed: replay.promise });
    const again = ask();
    await predict(photos[0]!, { endpoint: 'leaf' });
    replay.resolve();
    expect(await again).toEqual(first);
    expect(served.sink.records).toHaveLength(3);
    const other = { idempotency: { ...idempotency, bodyDigest: 'e'.repeat(64) } };
    await expect(ask(other)).rejects.toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
  });
});

describe('a container', () => {
  it('answers for one model folder without a store', async () => {
    const { pool, sink } = served;
    const options = {
      modelUri: uris[0]!,
      pool,
      sink,
      metrics: createMetrics(),
      logger: silentLogger,
      deployedModelId: '123',
    };
    const service = await openContainerService(options);
    expect(service.isReady).toBe(true);
    const principal = {
      ...served.request(photos[0]!).principal,
      kind: 'anonymous' as const,
      permissions: new Set<never>(),
    };
    const { predictions } = await service.predict(
      served.request(photos[0]!, { principal, endpoint: null, protocol: 'vertex' }),
    );
    expect(predictions[0]).toMatchObject({ model: { name: 'model', version: null }, deployment: { id: '123' } });
    requestRecordSchema.parse(sink.records.at(-1));
    expect(sink.entries.at(-1)).not.toHaveProperty('image');
    await service.close();
    expect(service.isReady).toBe(false);
  });
});
