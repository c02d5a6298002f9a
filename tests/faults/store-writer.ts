import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { isMitateError } from '../../src/errors/index.ts';
import { openStore } from '../../src/store/open-store.ts';

/** Forked by store-kill.test.ts: trains and pushes as fast as it can, and tells each version after its commit. */
const [workspace, modelName] = process.argv.slice(2) as [string, string];
const store = await openStore({ workspace });
const runId = randomUUID();
await store.createRun({
  id: runId,
  pipeline: 'kill',
  parameters: {},
  seed: 1,
  definitionDigest: 'd',
  source: null,
  gitCommit: null,
  who: 'test',
  pid: process.pid,
  trigger: 'demand',
  startedAt: new Date(),
});

async function step(name: string, key: string, type: 'Model' | 'PushedModel', inputs: string[]) {
  const id = randomUUID();
  const common = {
    runId,
    step: name,
    component: name,
    cacheKey: null,
    keyParts: {},
    attempt: 1,
    startedAt: new Date(),
  };
  await store.startExecution(
    { id, ...common },
    inputs.map((artifactId) => ({ key: 'model', artifactId })),
  );
  const digest = randomUUID().replaceAll('-', '').repeat(2);
  const uri = join(workspace, 'artifacts', id);
  const [output] = await store.completeExecution(id, {
    outputs: [{ id: randomUUID(), key, type, uri, digest, sizeBytes: 1, properties: {} }],
    intents:
      name === 'push'
        ? [
            {
              kind: 'push-model',
              modelName,
              input: 'model',
              output: key,
              endpoint: modelName,
              blessed: true,
              metrics: {},
            },
          ]
        : [],
    summary: null,
    who: 'test',
  });
  return output!;
}

try {
  for (;;) {
    const model = await step('train', 'model', 'Model', []);
    const pushed = await step('push', 'pushedModel', 'PushedModel', [model.id]);
    process.send!({ model: model.id, pushed: pushed.id, version: pushed.properties.version });
  }
} catch (error) {
  process.send!({ code: isMitateError(error) ? error.code : String(error) });
}
