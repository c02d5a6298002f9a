import { expect, it } from 'vitest';
import { MemorySink } from '../../../tests/support/memory-sink.ts';
import { MitateError } from '../../errors/index.ts';
import { Shadows, type ShadowsOptions } from './shadows.ts';

/** A shadow of one photo whose process answers with that error. @returns what is logged of it */
async function failsWith(error: MitateError) {
  const sink = new MemorySink();
  const deployed = { id: 'd2', role: 'shadow', traffic: 100, model: { key: 'leaf@2', name: 'leaf', version: 2 } };
  const route = { project: 'default', endpoint: 'leaf', shadows: [deployed], settings: { embeddingShare: 0 } };
  const request = { requestId: 'r', principal: { kind: 'anonymous' }, protocol: 'native', arrivedAtMs: 0 };
  const photo = { request, route, deployed, id: 'a', instance: 0, image: new Uint8Array(1) };
  const options = {
    sink,
    pool: { serve: () => Promise.reject(error) },
    modelCache: { use: (_model: unknown, _deadline: unknown, work: () => unknown) => work() },
    metrics: { request() {}, shadow() {} },
  };
  const shadows = new Shadows(options as unknown as ShadowsOptions);
  shadows.offer([{ photo, prediction: { id: 'a' } }] as never);
  await shadows.stop();
  return sink.records.map(({ status, errorCode }) => ({ status, errorCode }));
}

it('a shadow that found no idle moment in 60 s is no failure of its version: a busy server had good candidates turned down', async () => {
  const late = new MitateError('INFERENCE_DEADLINE_EXCEEDED', { subject: 'photo', deadlineMs: 60_000 });
  expect(await failsWith(late)).toEqual([]);
});

it('a shadow that hangs in its process is one', async () => {
  const hangs = new MitateError('INFERENCE_DEADLINE_EXCEEDED', { subject: 'photo', deadlineMs: 10_000 });
  expect(await failsWith(hangs)).toEqual([{ status: 504, errorCode: 'INFERENCE_DEADLINE_EXCEEDED' }]);
});
