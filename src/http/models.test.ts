import { afterAll, beforeAll, expect, it } from 'vitest';
import { drawnPhotos } from '../../tests/support/drawn-photos.ts';
import { ScratchFolder } from '../../tests/support/scratch-folder.ts';
import { ServedApp } from '../../tests/support/served-app.ts';
import { tester } from '../../tests/support/tester.ts';
import { trainedModels } from '../../tests/support/trained-models.ts';
import { createUser } from '../actions/access/user.ts';
import { sha256 } from '../codecs/digest.ts';
import { localImages } from '../store/images/image-store.ts';

const models = new ScratchFolder();
let served: ServedApp;

beforeAll(async () => {
  served = await ServedApp.open(await trainedModels(models.path, 1));
}, 240_000);
afterAll(async () => {
  await served?.[Symbol.asyncDispose]();
  models[Symbol.dispose]();
});

it('models are tried on kept photos of requests by whoever may see those', async () => {
  const [photo] = await drawnPhotos(1);
  const digest = sha256(photo!.bytes);
  const { store } = served.served;
  await localImages(store.workspace.images).put('default', digest, photo!.bytes);
  const given = { name: 'viewer', password: 'correct horse battery' };
  await createUser(store, { ...given, role: 'viewer' }, tester);
  const { token } = (await served.app.inject({ method: 'POST', url: '/api/v1/sessions', payload: given })).json();
  const predict = (headers: Record<string, string>) =>
    served.app.inject({ method: 'POST', url: '/api/v1/models/leaf@1:predict', headers, payload: { sha256: digest } });
  const refused = await predict({ authorization: `Bearer ${token}` });
  expect([refused.statusCode, refused.json().error.code]).toEqual([404, 'MODEL_PHOTO_UNKNOWN']);
  expect((await predict({ 'x-api-key': await served.makeKey('operate') })).statusCode).toBe(200);
});

it('what models say of photos is asked for at most sixty times a minute', async () => {
  const headers = { 'x-api-key': await served.makeKey('operate') };
  const ask = async () => (await served.ask('GET', '/api/v1/models/none/evaluation/answers', { headers })).statusCode;
  const statuses = [];
  for (let i = 0; i < 61; i++) statuses.push(await ask());
  expect([new Set(statuses.slice(0, 60)), statuses[60]]).toEqual([new Set([404]), 429]);
});
