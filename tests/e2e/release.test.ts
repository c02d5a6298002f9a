import { appendFileSync, cpSync } from 'node:fs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createUser } from '../../src/actions/access/user.ts';
import type { Permission } from '../../src/contracts/access.ts';
import type { PredictResponse } from '../../src/contracts/served-prediction.ts';
import { drawnPhotos } from '../support/drawn-photos.ts';
import { registerModel } from '../support/register-model.ts';
import { ScratchFolder } from '../support/scratch-folder.ts';
import { ServedApp } from '../support/served-app.ts';
import { tester } from '../support/tester.ts';
import { trainedModels } from '../support/trained-models.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** The release of a second version over HTTP, while phones go on asking. */
const models = new ScratchFolder();
let server: ServedApp;
let admin: string;
let photos: Uint8Array[];

beforeAll(async () => {
  const [uris, drawn] = await Promise.all([trainedModels(models.path, 2), drawnPhotos(8, { seed: 9 })]);
  photos = drawn.map(({ bytes }) => bytes);
  server = await ServedApp.open(uris);
  admin = await server.makeKey('admin');
  const broken = models.at('broken');
  cpSync(uris[0]!, broken, { recursive: true });
  appendFileSync(`${broken}/Format-Serving/model.onnx`, 'x');
  await registerModel(server.served.store, { name: 'leaf', uri: broken });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  models[Symbol.dispose]();
});

async function ask(photo: Uint8Array, assignmentKey: string): Promise<PredictResponse> {
  const response = await fetch(`${server.url}/api/v1/endpoints/leaf:predict`, {
    method: 'POST',
    body: Buffer.from(photo),
    headers: { 'content-type': 'image/jpeg', 'x-api-key': server.key, 'x-mitate-key': assignmentKey },
  });
  const body = await response.json();
  if (!response.ok) throw new Error(JSON.stringify(body));
  return body as PredictResponse;
}
const versionOf = ({ predictions }: PredictResponse) => predictions[0]!.model.version;
const versions = async () => {
  const seen = new Set<number | null>();
  for (let i = 0; i < 16; i++) seen.add(versionOf(await ask(photos[0]!, `phone-${i}`)));
  return seen;
};
const change = async (verb: string, payload: object) => {
  const response = await server.ask('POST', `/api/v1/endpoints/leaf:${verb}`, {
    payload: { why: 'release', ...payload },
    headers: { 'x-api-key': admin },
  });
  return { status: response.statusCode, ...response.json() };
};

it('goes from canary to champion and back, without one failed request', async () => {
  const answers: PredictResponse[] = [];
  const failures: unknown[] = [];
  let isOver = false;
  const phones = [0, 1, 2].map(async (phone) => {
    for (let i = 0; !isOver; i++)
      await ask(photos[i % photos.length]!, `p${phone}`).then(
        (answer) => answers.push(answer),
        (error) => failures.push(error),
      );
  });
  expect(await versions()).toEqual(new Set([1]));
  expect(await change('deploy', { model: 'leaf@2', role: 'canary', traffic: 40 })).toMatchObject({ status: 200 });
  expect(await versions()).toEqual(new Set([1, 2]));
  expect(await change('promote', { model: 'leaf@2' })).toMatchObject({ status: 200 });
  expect(await versions()).toEqual(new Set([2]));
  expect(await server.served.store.findVersion('leaf@champion')).toMatchObject({ version: 2 });
  const refused = await change('deploy', { model: 'leaf@3', role: 'stable' });
  expect(refused).toMatchObject({ status: 409, error: { code: 'DEPLOYMENT_NOT_READY' } });
  expect(await versions()).toEqual(new Set([2]));
  expect(await change('rollback', {})).toMatchObject({ status: 200 });
  expect(await versions()).toEqual(new Set([1]));
  expect(await server.served.store.findVersion('leaf@champion')).toMatchObject({ version: 1 });
  isOver = true;
  await Promise.all(phones);
  expect(failures).toEqual([]);
  expect(answers.length).toBeGreaterThan(10);
  for (const answer of answers) expect([1, 2]).toContain(versionOf(answer));
  const timeline = await server.served.store.endpoints.endpointTimeline('leaf');
  const changes = timeline.filter(({ action }) => action !== 'ready');
  expect(changes.slice(0, 3).map(({ action }) => action)).toEqual(['rollback', 'promote', 'deploy']);
  for (const { who, why } of changes.slice(0, 3))
    expect([who, why]).toEqual([expect.stringMatching(/^key:/), 'release']);
});

it('names training photos to who operates the endpoint alone, in the log too', async () => {
  const { sink, store } = server.served;
  const permissions = new Set<Permission>(['predict', 'operate']);
  const { principal, ...request } = server.served.request(photos[0]!);
  const { predictions } = await server.served.service.predict({ ...request, principal: { ...principal, permissions } });
  expect(predictions[0]!.outOfDistribution?.nearest?.length).toBeGreaterThan(0);
  await store.requests.makePartitions(new Date());
  const row = JSON.stringify({ ...sink.records.at(-1), imageKept: false });
  await store.requests.ingest('test', [row], { segment: 1, offset: 1 });
  const url = `/api/v1/requests/${predictions[0]!.id}`;
  const seen = async (headers: Record<string, string>) =>
    (await server.app.inject({ method: 'GET', url, headers })).json();
  expect((await seen({ 'x-api-key': admin })).response).toEqual(predictions[0]);
  const password = 'correct horse battery';
  await createUser(store, { name: 'mika', password, role: 'viewer' }, tester);
  const session = await server.ask('POST', '/api/v1/sessions', { payload: { name: 'mika', password } });
  const { outOfDistribution } = (await seen({ authorization: `Bearer ${session.json().token}` })).response;
  expect(outOfDistribution).toEqual({ flagged: false, score: predictions[0]!.outOfDistribution!.score });
});
