import { randomUUID } from 'node:crypto';
import { sha256 } from '../../src/codecs/digest.ts';
import type { PromotionPolicy } from '../../src/contracts/loop/promotion.ts';
import type { OpenStore } from '../../src/store/open-store.ts';

/** Registers a Model folder the way a pipeline's Pusher does, with the Examples folder that it was trained on. @returns its version */
export async function registerModel(
  store: OpenStore,
  wish: { name: string; uri: string; endpoint?: string; examples?: string; promotion?: PromotionPolicy },
): Promise<number> {
  const { name, uri, endpoint, examples, promotion } = wish;
  const at = new Date();
  const runId = randomUUID();
  const about = { pipeline: name, seed: 1, definitionDigest: '0'.repeat(64), source: null, gitCommit: null };
  await store.createRun({
    ...about,
    id: runId,
    parameters: {},
    who: 'test',
    pid: null,
    trigger: 'demand',
    startedAt: at,
  });
  const execute = async (step: string, inputs: { key: string; artifactId: string }[]) => {
    const id = randomUUID();
    const execution = { id, runId, step, component: step, cacheKey: null, keyParts: {}, attempt: 1, startedAt: at };
    await store.startExecution(execution, inputs);
    return id;
  };
  const output = (key: string, type: 'Examples' | 'Model' | 'PushedModel', at = uri) => {
    return { id: randomUUID(), key, type, uri: at, digest: sha256(at), sizeBytes: 1, properties: {} };
  };
  const model = output('model', 'Model');
  const end = { summary: null, who: 'test' };
  const read = examples === undefined ? [] : [output('examples', 'Examples', examples)];
  if (read.length > 0)
    await store.completeExecution(await execute('example-gen', []), { ...end, outputs: read, intents: [] });
  const inputs = read.map(({ id, key }) => ({ key, artifactId: id }));
  await store.completeExecution(await execute('trainer', inputs), { ...end, outputs: [model], intents: [] });
  const intent = { kind: 'push-model', modelName: name, input: 'model', output: 'pushedModel' } as const;
  const pushed = await execute('pusher', [{ key: 'model', artifactId: model.id }]);
  const [answer] = await store.completeExecution(pushed, {
    ...end,
    outputs: [output('pushedModel', 'PushedModel')],
    intents: [
      {
        ...intent,
        blessed: true,
        metrics: {},
        ...(endpoint !== undefined && { endpoint }),
        ...(promotion !== undefined && { promotion }),
      },
    ],
  });
  await store.finishRun(runId, 'succeeded', null);
  return answer!.properties.version as number;
}
