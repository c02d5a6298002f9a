import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServedApp } from '../../tests/support/served-app.ts';
import { errorBodySchema } from '../contracts/served-prediction.ts';
import { catalogue } from '../errors/index.ts';

let served: ServedApp;
let admin: string;

beforeAll(async () => {
  served = await ServedApp.open([]);
  admin = await served.makeKey('admin');
});
afterAll(async () => await served[Symbol.asyncDispose]());

type Asked = [method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, body?: string | object, type?: string];

async function ask([method, url, payload, type]: Asked, key: string = admin) {
  const headers = { 'x-api-key': key, ...(type !== undefined && { 'content-type': type }) };
  return await served.ask(method, url, { headers, ...(payload !== undefined && { payload }) });
}

const json = 'application/json';
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

describe('what is refused', () => {
  const cases: [status: number, code: string, asked: Asked][] = [
    [404, 'HTTP_ROUTE_UNKNOWN', ['GET', '/api/v1/nothing']],
    [404, 'HTTP_ROUTE_UNKNOWN', ['GET', '/api/v1/../../etc/passwd']],
    [404, 'HTTP_ROUTE_UNKNOWN', ['POST', '/api/v1/endpoints/leaf:fly', {}]],
    [400, 'HTTP_REQUEST_INVALID', ['GET', '/api/v1/runs/%E0%A4%A']],
    [405, 'HTTP_METHOD_UNKNOWN', ['DELETE', '/api/v1/models']],
    [405, 'HTTP_METHOD_UNKNOWN', ['POST', '/livez', {}]],
    [415, 'HTTP_BODY_TYPE_UNKNOWN', ['POST', '/api/v1/keys', 'name=ci', 'application/x-www-form-urlencoded']],
    [415, 'HTTP_BODY_TYPE_UNKNOWN', ['POST', '/api/v1/keys', '{}', 'text/plain']],
    [400, 'REQUEST_JSON_INVALID', ['POST', '/api/v1/keys', '{"name":', json]],
    [400, 'REQUEST_JSON_TOO_COMPLEX', ['POST', '/api/v1/keys', nested(100_000), json]],
    [413, 'HTTP_BODY_TOO_LARGE', ['POST', '/api/v1/keys', `"${'x'.repeat(1_100_000)}"`, json]],
    [400, 'HTTP_REQUEST_INVALID', ['POST', '/api/v1/keys', '', json]],
    [400, 'HTTP_REQUEST_INVALID', ['POST', '/api/v1/keys', { name: '../x', scope: 'predict' }]],
    [400, 'HTTP_REQUEST_INVALID', ['POST', '/api/v1/keys', { name: 'ci', scope: 'root' }]],
    [400, 'HTTP_REQUEST_INVALID', ['POST', '/api/v1/keys', { name: 'ci', scope: 'predict', expires: 'never' }]],
    [400, 'HTTP_REQUEST_INVALID', ['POST', '/api/v1/keys', '{"name":"ci","scope":"predict","__proto__":{}}', json]],
    [400, 'HTTP_REQUEST_INVALID', ['GET', '/api/v1/runs?limit=0']],
    [400, 'HTTP_REQUEST_INVALID', ['GET', '/api/v1/runs?limit=many']],
    [400, 'HTTP_REQUEST_INVALID', ['GET', '/api/v1/requests?from=yesterday']],
    [400, 'HTTP_REQUEST_INVALID', ['GET', '/api/v1/requests/..%2F..%2Fetc']],
    [400, 'HTTP_REQUEST_INVALID', ['GET', '/api/v1/lineage?of=/etc/passwd']],
    [400, 'HTTP_CURSOR_INVALID', ['GET', '/api/v1/audit?cursor=nonsense']],
    [400, 'HTTP_CURSOR_INVALID', ['GET', '/api/v1/models?cursor=nonsense']],
    [404, 'ENDPOINT_UNKNOWN', ['GET', '/api/v1/endpoints/none']],
    [404, 'MODEL_NOT_FOUND', ['GET', '/api/v1/models/none']],
    [404, 'RUN_NOT_FOUND', ['GET', '/api/v1/runs/none']],
    [404, 'LINEAGE_NOT_FOUND', ['GET', '/api/v1/lineage?of=none']],
  ];

  it.each(cases)('%i %s: %j', async (status, code, asked) => {
    const answer = await ask(asked);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    const { error } = errorBodySchema.parse(answer.json());
    expect({ status: answer.statusCode, code: error.code }).toEqual({ status, code });
    expect(error.requestId).toBe(answer.headers['x-request-id']);
  });

  it('names the methods that a path takes', async () => {
    const answer = await ask(['DELETE', '/api/v1/models']);
    expect(answer.headers.allow).toBe('GET, HEAD');
  });

  it('judges who asks before it looks at what', async () => {
    const answer = await ask(['POST', '/api/v1/keys', '{"name":', json], served.key);
    expect(answer.json().error.code).toBe('ACCESS_DENIED');
  });

  it('keeps what went wrong inside to the log', async () => {
    const { store } = served.served;
    const { listModels } = store;
    store.listModels = async () => {
      throw new Error('password of the database is hunter2');
    };
    const answer = await ask(['GET', '/api/v1/models']);
    store.listModels = listModels;
    expect(answer.statusCode).toBe(500);
    expect(answer.json().error.code).toBe('INTERNAL');
    expect(answer.body).not.toContain('hunter2');
  });
});

describe('headers of every answer', () => {
  it('name the request, by the caller’s id when it is a plain word', async () => {
    const given = await served.ask('GET', '/livez', { headers: { 'x-request-id': 'trace-0815.a' } });
    expect(given.headers['x-request-id']).toBe('trace-0815.a');
    const odd = await served.ask('GET', '/livez', { headers: { 'x-request-id': 'a b\tc' } });
    expect(odd.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('let browsers run and frame nothing of it', async () => {
    const { headers } = await ask(['GET', '/api/v1/models']);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
  });
});

const named = Object.entries(catalogue).flatMap(([code, { message, remedy }]) =>
  [...`${message} ${remedy}`.matchAll(/(?:\b(GET|POST) |(?=\/api\/))(\/[\w/.:{}-]*[\w}])/g)].map(
    ([, method, path]) => [code, (method ?? 'GET') as 'GET' | 'POST', path!] as const,
  ),
);

it.each(named)('%s names a route that exists: %s %s', async (_code, method, path) => {
  const answer = await ask([method, path.replace('{endpoint}', 'leaf'), ...(method === 'POST' ? [{}] : [])] as Asked);
  expect(answer.body).not.toMatch(/HTTP_ROUTE_UNKNOWN|HTTP_METHOD_UNKNOWN/);
});
