import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryFolder } from '../../../tests/support/temporary-folder.ts';
import { unaudited } from '../../../tests/support/unaudited.ts';
import { localArtifacts } from '../artifacts/fs.ts';
import { type OpenStore, openStore } from '../open-store.ts';
import { collectGarbage } from './collect.ts';
import { planGarbage } from './plan.ts';

const folder = temporaryFolder();
let store: OpenStore;
beforeAll(async () => {
  store = await openStore({ workspace: join(folder.path, 'workspace') });
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

async function newRun(pipeline: string): Promise<string> {
  const id = randomUUID();
  const person = { who: 'ann', pid: process.pid, trigger: 'demand', startedAt: new Date() };
  await store.createRun({
    id,
    pipeline,
    parameters: {},
    seed: 1,
    definitionDigest: 'd',
    source: null,
    gitCommit: null,
    ...person,
  });
  mkdirSync(join(store.workspace.runs, id));
  writeFileSync(join(store.workspace.runs, id, 'train.log'), 'log');
  return id;
}

async function start(runId: string, inputs: { key: string; artifactId: string }[] = []): Promise<string> {
  const id = randomUUID();
  const about = {
    step: 'train',
    component: 'Trainer',
    cacheKey: null,
    keyParts: {},
    attempt: 1,
    startedAt: new Date(),
  };
  await store.startExecution({ id, runId, ...about }, inputs);
  return id;
}

async function publish(executionId: string, bytes = 1_000) {
  const place = { pipeline: 'leaf', step: 'train', key: 'model', executionId };
  const artifacts = localArtifacts(store.workspace.artifacts);
  writeFileSync(join(await artifacts.stage(place), 'model.onnx'), Buffer.alloc(bytes));
  return {
    id: randomUUID(),
    key: 'model',
    type: 'Model',
    properties: {},
    ...(await artifacts.publish(place)),
  } as const;
}

async function newModel(runId: string) {
  const id = await start(runId);
  const output = await publish(id);
  await store.completeExecution(id, { outputs: [output], intents: [], summary: null, who: 'ann' });
  return { ...output, executionId: id };
}

it('collects exactly what no kept run, model version or active step refers to', async () => {
  const oldest = await newRun('leaf');
  const [unused, registered, fromCache] = [await newModel(oldest), await newModel(oldest), await newModel(oldest)];
  const push = await start(oldest, [{ key: 'model', artifactId: registered.id }]);
  const intent = {
    kind: 'push-model',
    modelName: 'leaf',
    input: 'model',
    output: 'p',
    blessed: true,
    metrics: {},
  } as const;
  await store.completeExecution(push, { outputs: [], intents: [intent], summary: null, who: 'ann' });
  await store.finishRun(oldest, 'succeeded', null);

  const newest = await newRun('leaf');
  const cached = {
    step: 'train',
    component: 'Trainer',
    cacheKey: null,
    keyParts: {},
    attempt: 1,
    startedAt: new Date(),
  };
  await store.recordCached({ ...cached, id: randomUUID(), runId: newest }, [], fromCache.executionId);
  const recent = await newModel(newest);
  await store.finishRun(newest, 'succeeded', null);

  const other = await newRun('other');
  const going = await start(other);
  const unannounced = await publish(going);
  const stagedLive = await localArtifacts(store.workspace.artifacts).stage({
    pipeline: 'o',
    step: 's',
    key: 'k',
    executionId: going,
  });
  const orphan = await publish(randomUUID(), 500);
  const abandoned = await localArtifacts(store.workspace.artifacts).stage({
    pipeline: 'o',
    step: 's',
    key: 'k',
    executionId: 'gone',
  });

  const plan = await planGarbage(store, { keepRuns: 1 });
  expect(plan.artifacts.map(({ id }) => id)).toEqual([unused.id]);
  expect(plan.folders.map(({ why }) => why).sort()).toEqual(['abandoned step', 'log of an old run', 'orphan artifact']);
  expect(plan.sizeBytes).toBe(1_000 + 500 + 3);
  expect(plan.kept.map(({ id }) => id).sort()).toEqual([registered.id, fromCache.id, recent.id].sort());
  expect(existsSync(unused.uri) && existsSync(orphan.uri)).toBe(true);

  const progress: [number, number][] = [];
  await collectGarbage(store, plan, (...counts) => progress.push(counts));
  expect(progress).toEqual([0, 1, 2, 3, 4].map((done) => [done, 4]));
  for (const { uri } of [unused, orphan]) expect(existsSync(uri)).toBe(false);
  expect(existsSync(abandoned)).toBe(false);
  for (const { uri } of [registered, fromCache, recent, unannounced]) expect(existsSync(uri)).toBe(true);
  expect(existsSync(stagedLive)).toBe(true);
  expect((await store.getArtifact(unused.id))?.deletedAt).toBeInstanceOf(Date);
  expect(await planGarbage(store, { keepRuns: 1 })).toMatchObject({ artifacts: [], folders: [], sizeBytes: 0 });
});

it.each([
  ['outside', (victim: string) => victim],
  ['above', () => '../victim'],
  ['the artifacts themselves', () => 'artifacts'],
])('deletes nothing %s, whatever the database says', async (_, uriOf) => {
  const victim = join(folder.path, 'victim');
  mkdirSync(victim, { recursive: true });
  writeFileSync(join(victim, 'file'), 'precious');
  const [first, second] = [await newRun('planted'), await newRun('planted')];
  const model = await newModel(first);
  for (const id of [first, second]) await store.finishRun(id, 'succeeded', null);
  await store.connection.pool.query('update artifacts set uri = $1 where id = $2', [uriOf(victim), model.id]);
  const plan = await planGarbage(store, { keepRuns: 1 });
  await collectGarbage(store, plan);
  expect([existsSync(join(victim, 'file')), existsSync(store.workspace.artifacts)]).toEqual([true, true]);
  const uri = (await store.getArtifact(model.id))!.uri;
  await expect(localArtifacts(store.workspace.artifacts).delete(uri)).rejects.toMatchObject({
    code: 'ARTIFACT_OUTSIDE',
  });
});

it('keeps what another project keeps, and collects what no project does', async () => {
  const mine = store;
  await unaudited(mine).access.createProject({ name: 'roses', description: '' });
  const roses = mine.forProject('roses');
  try {
    store = roses;
    const [first, second] = [await newRun('roses'), await newRun('roses')];
    const [old, kept] = [await newModel(first), await newModel(second)];
    for (const id of [first, second]) await roses.finishRun(id, 'succeeded', null);
    const plan = await planGarbage(mine, { keepRuns: 1 });
    const uris = plan.artifacts.map(({ uri }) => uri);
    expect(uris).toContain(old.uri);
    expect([...uris, ...plan.folders.map(({ path }) => path)]).not.toContain(kept.uri);
    await collectGarbage(mine, plan);
    expect([existsSync(old.uri), existsSync(kept.uri)]).toEqual([false, true]);
    expect((await roses.getArtifact(old.id))?.deletedAt).not.toBeNull();
  } finally {
    store = mine;
  }
});
