import { afterAll, beforeAll, expect, it } from 'vitest';
import { ScratchFolder } from '../../tests/support/scratch-folder.ts';
import { ServedApp } from '../../tests/support/served-app.ts';

let served: ServedApp;
let operator: { 'x-api-key': string };
const pipelines = new ScratchFolder();

beforeAll(async () => {
  served = await ServedApp.open([], { env: { MITATE_PIPELINES: pipelines.path } });
  operator = { 'x-api-key': await served.makeKey('operate') };
});
afterAll(async () => {
  await served[Symbol.asyncDispose]();
  pipelines[Symbol.dispose]();
});

const spans = '/api/v1/flywheel/spans';

it('a span is made over HTTP by who may operate, inside the folder of the pipelines, apart from the server', async () => {
  const ask = async (payload: object, headers: object = operator) => {
    const answer = await served.ask('POST', spans, { payload, headers: { ...headers } });
    return [answer.statusCode, answer.json().error?.code ?? answer.json().code ?? null];
  };
  expect((await ask({ to: 'field', endpoint: 'none' }, {}))[0]).toBe(403);
  expect(await ask({ to: '../field', endpoint: 'none' })).toEqual([403, 'PLACE_OUTSIDE']);
  expect(await ask({ to: 'field', base: ['/etc'], endpoint: 'none' })).toEqual([403, 'PLACE_OUTSIDE']);
  expect((await ask({ to: 'field', endpoint: 'none', balance: 0 }))[0]).toBe(400);
  expect(await ask({ to: 'field', endpoint: 'none' })).toEqual([404, 'ENDPOINT_UNKNOWN']);
  const listed = await served.ask('GET', spans, { headers: operator });
  expect(listed.json()).toEqual({ items: [], nextCursor: null });
});

it('golden sets over HTTP', async () => {
  const headers = operator;
  const none = await served.ask('POST', '/api/v1/golden', { headers, payload: { set: 'field', endpoint: 'none' } });
  expect(none.statusCode).toBe(404);
  expect((await served.ask('GET', '/api/v1/golden', { headers })).json()).toEqual({ items: [], nextCursor: null });
  expect((await served.ask('DELETE', '/api/v1/golden/field', { headers })).statusCode).toBe(404);
});
