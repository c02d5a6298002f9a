import { afterAll, beforeAll, expect, it } from 'vitest';
import { requestRecord } from '../../tests/support/request-record.ts';
import { ScratchFolder } from '../../tests/support/scratch-folder.ts';
import { ServedApp } from '../../tests/support/served-app.ts';
import { trainedModels } from '../../tests/support/trained-models.ts';

const models = new ScratchFolder();
let served: ServedApp;

beforeAll(async () => {
  served = await ServedApp.open(await trainedModels(models.path, 1));
}, 240_000);
afterAll(async () => {
  await served?.[Symbol.asyncDispose]();
  models[Symbol.dispose]();
});

/** Without a key. */
const ask = (method: 'GET' | 'POST', url: string, payload?: object) =>
  served.app.inject({ method, url: `/api/v1/endpoints/${url}`, ...(payload && { payload }) });

async function logged(endpoint: string): Promise<string> {
  const response = { label: 'unwell', probabilities: { healthy: 0.1, unwell: 0.9 } };
  const record = requestRecord({ endpoint, modelVersion: null, response });
  const at = { segment: 1, offset: 0 };
  await served.served.store.requests.ingest(`test-${endpoint}`, [JSON.stringify({ ...record, imageKept: false })], at);
  return record.publicId;
}

it('a visitor of a public endpoint learns what to photograph, and says whether an answer of it was right; of no other', async () => {
  const [id, other] = [await logged('leaf'), await logged('orchard')];
  expect((await ask('GET', 'leaf/capture')).statusCode).toBe(401);
  expect((await ask('POST', 'leaf/feedback', { id, verdict: 'right' })).statusCode).toBe(401);
  const headers = { 'x-api-key': await served.makeKey('admin') };
  const settings = { public: true, abstain: { low: 0.4, high: 0.6 } };
  await served.ask('PATCH', '/api/v1/endpoints/leaf', { headers, payload: { settings } });

  const capture = (await ask('GET', 'leaf/capture')).json();
  expect(capture).toMatchObject({ positive: 'unwell', band: { low: 0.4, high: 0.6 }, public: true });
  expect(capture.answers).toEqual(['unwell', 'healthy']);
  expect(capture.input.width).toBeGreaterThan(100);
  expect((await ask('GET', 'nowhere/capture')).statusCode).toBe(401);

  const say = (about: string) =>
    ask('POST', 'leaf/feedback', { id: about, verdict: 'wrong', idempotencyKey: `once ${about}` });
  expect((await say(id)).json()).toEqual({ repeated: false });
  expect((await say(id)).json()).toEqual({ repeated: true });
  expect((await say(other)).json().error.code).toBe('FEEDBACK_REQUEST_UNKNOWN');
  // nor by what is said of its labels
  const nonsense = await ask('POST', 'leaf/feedback', { id: other, label: 'no such label' });
  expect(nonsense.json().error.code).toBe('FEEDBACK_REQUEST_UNKNOWN');
  const { items } = (await served.ask('GET', '/api/v1/feedback', { headers })).json();
  expect(items).toMatchObject([{ request: id, verdict: 'wrong', source: 'widget', who: 'anonymous' }]);
  expect((await ask('POST', 'leaf/feedback', { id })).json().error.code).toBe('HTTP_REQUEST_INVALID');

  // a stranger has the key of the page, too
  const page = { 'x-api-key': await served.makeKey('predict') };
  const feedback = [{ id, kind: 'verdict', verdict: 'wrong' }];
  expect((await served.ask('POST', '/api/v1/feedback', { headers: page, payload: { feedback } })).statusCode).toBe(201);
  const [photo] = await served.served.store.feedback.labelledPhotos({ endpoint: 'leaf' });
  expect(photo).toMatchObject({ request: id, confirmations: 1 });

  // a key that somebody else used says nothing of what they said
  const idempotencyKey = `once ${id}`;
  const another = await ask('POST', 'leaf/feedback', { id: await logged('leaf'), verdict: 'right', idempotencyKey });
  expect(another.json()).toEqual({ repeated: false });
});
