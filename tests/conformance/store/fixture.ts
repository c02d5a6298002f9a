import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { Intent } from '../../../src/contracts/intent.ts';
import { type OpenStore, openStore } from '../../../src/store/open-store.ts';
import type { PublishedOutput } from '../../../src/store/runs/contract.ts';

/** A store on its own workspace, open during the tests of the `describe` around it; and short ways to fill it. */
export function storeFixture(databaseUrl?: string) {
  /** Each reading is a second later. */
  let clock = Date.parse('2026-01-01T00:00:00Z');
  const tick = () => {
    clock += 1_000;
    return new Date(clock);
  };
  let workspace: string;
  const open = async () => {
    fixture.store = await openStore({ workspace, ...(databaseUrl === undefined ? {} : { databaseUrl }), now: tick });
  };
  const newRun = async (pipeline: string = randomUUID()) => {
    const run = {
      id: randomUUID(),
      pipeline,
      parameters: { images: '写真/葉', depth: { n: 1.5, list: [true, null] } },
      seed: 4_294_967_295,
      definitionDigest: 'd'.repeat(64),
      source: '/somewhere/pipeline.ts',
      gitCommit: null,
      who: 'ann@garden',
      pid: process.pid,
      trigger: 'demand',
      startedAt: fixture.tick(),
    };
    await fixture.store.createRun(run);
    return run;
  };

  const newExecution = async (
    runId: string,
    { step = 'train', cacheKey = null as string | null, inputs = [] as { key: string; artifactId: string }[] } = {},
  ) => {
    const id = randomUUID();
    const startedAt = fixture.tick();
    await fixture.store.startExecution(
      { id, runId, step, component: 'Trainer', cacheKey, keyParts: { version: '1' }, attempt: 1, startedAt },
      inputs,
    );
    return id;
  };

  const output = (change: Partial<PublishedOutput> = {}): PublishedOutput => ({
    id: randomUUID(),
    key: 'model',
    type: 'Model',
    uri: join(fixture.store.workspace.artifacts, randomUUID()),
    digest: randomUUID().replaceAll('-', '').repeat(2),
    sizeBytes: 5_000_000_000,
    properties: { blessed: true, auc: 0.5, name: 'x' },
    ...change,
  });

  const complete = (id: string, outputs: PublishedOutput[], intents: Intent[] = []) =>
    fixture.store.completeExecution(id, { outputs, intents, summary: '10 photos', who: 'ann@garden' });

  const newModel = async (runId: string, change: Partial<PublishedOutput> = {}) => {
    const model = output(change);
    await complete(await newExecution(runId), [model]);
    return model;
  };

  const push = async (
    runId: string,
    model: PublishedOutput,
    intent: Partial<Extract<Intent, { kind: 'push-model' }>>,
  ) => {
    const id = await newExecution(runId, { step: 'push', inputs: [{ key: 'model', artifactId: model.id }] });
    const pushed = output({ key: 'pushedModel', type: 'PushedModel', properties: {} });
    const finish = () =>
      complete(
        id,
        [pushed],
        [
          {
            kind: 'push-model',
            modelName: 'leaf',
            input: 'model',
            output: 'pushedModel',
            blessed: true,
            metrics: { auc: 0.99 },
            ...intent,
          },
        ],
      );
    return { id, again: finish, answer: await finish() };
  };

  const fixture = {
    store: undefined as unknown as OpenStore,
    open,
    tick,
    newRun,
    newExecution,
    output,
    complete,
    newModel,
    push,
  };
  beforeAll(async () => {
    workspace = mkdtempSync(join(tmpdir(), 'mitate-store-'));
    await open();
  });
  afterAll(async () => {
    await fixture.store[Symbol.asyncDispose]();
    await rm(workspace, { recursive: true, force: true });
  });
  return fixture;
}

export type StoreFixture = ReturnType<typeof storeFixture>;
