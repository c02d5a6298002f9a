import type { InjectOptions } from 'light-my-request';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { spoiled } from '../../tests/support/schema-samples.ts';
import { localToken, ServedApp } from '../../tests/support/served-app.ts';
import { paths, type RouteId } from '../contracts/api/paths.ts';
import type { Route } from '../contracts/api/route.ts';
import { routes } from '../contracts/api/routes.ts';
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

/** Neither is text that PostgreSQL stores. */
const unstorable = [
  ['a NUL character', 'x\0'],
  ['half of a surrogate pair', '\ud83c'],
  ['the other half', 'x\udf43y'],
] as const;

describe.each(unstorable)('%s', (_what, bad) => {
  const owner = { authorization: `Bearer ${localToken}` };
  const asked: [id: string, place: string, url: string, payload?: object][] = Object.entries(paths).flatMap(
    ([id, route]) => {
      const { params, query, body } = routes[id as RouteId] as Route;
      const path = route.slice(route.indexOf(' ') + 1);
      const filled = path.replaceAll(/\{\w+\}/g, '0190a1b2-0000-7000-8000-000000000001');
      const inBody = typeof body === 'object' ? spoiled(body, bad) : [];
      // UTF-8 in an address cannot hold half of a pair: the router refuses it
      const inUrl = bad.includes('\0') ? bad : null;
      return [
        ...inBody.map(({ place, value }) => [id, `body${place}`, filled, value] as [string, string, string, object]),
        ...Object.keys(inUrl ? (params?.shape ?? {}) : {}).map(
          (name) =>
            [id, name, path.replace(`{${name}}`, 'x%00').replaceAll(/\{\w+\}/g, 'x')] as [string, string, string],
        ),
        ...Object.keys(inUrl && query instanceof z.ZodObject ? query.shape : {}).map(
          (name) => [id, `?${name}`, `${filled}?${name}=x%00`] as [string, string, string],
        ),
      ];
    },
  );

  it(`is refused in every field of every route, never an error of the server`, async () => {
    expect(asked.length).toBeGreaterThan(bad.includes('\0') ? 200 : 60);
    const wrong: string[] = [];
    for (const [id, place, url, payload] of asked) {
      const method = (paths[id as RouteId] as string).split(' ', 1)[0] as Asked[0];
      const { body, uploads = {} } = routes[id as RouteId] as Route;
      const headers = { ...owner, 'content-type': body ? json : (Object.keys(uploads)[0] ?? json) };
      const answer = await served.app.inject({ method, url, headers, ...(payload && { payload }) });
      const { code } = answer.json().error ?? {};
      // a verb's own signature, or its rate limit, is checked first
      if (!['REQUEST_TEXT_INVALID', 'WEBHOOK_OFF', 'HTTP_RATE_LIMITED'].includes(code))
        wrong.push(`${id} ${place}: ${answer.statusCode} ${code}`);
    }
    expect(wrong).toEqual([]);
  });
});

describe('a NUL character', () => {
  it.each([
    ['a path of KServe', 'GET', '/v1/models/x%00', {}],
    ['a path of the Open Inference Protocol', 'GET', '/v2/models/x%00', {}],
    ['a version of it', 'GET', '/v2/models/x/versions/1%00', {}],
    ['an endpoint of Vertex AI', 'POST', '/v1/projects/p/locations/l/endpoints/x%00:predict', { payload: {} }],
    ['an endpoint', 'POST', '/api/v1/endpoints/x%00:predict', { payload: {} }],
    ['a class', 'POST', '/api/v1/endpoints/leaf:explain?class=%00', { payload: {} }],
    ['a feedback link', 'GET', '/feedback/x%00', {}],
    ['a session', 'GET', '/api/v1/me', { headers: { cookie: 'mitate_session=mk_%00' } }],
    ['another session', 'GET', '/api/v1/me', { headers: { cookie: 'mitate_session=x%00' } }],
    ['a parameter twice', 'GET', '/api/v1/requests?label=a&label=%00', {}],
    ['a name in the query', 'GET', '/api/v1/requests?%00=a', {}],
  ] as const)('in %s is no error of the server', async (_place, method, url, options) => {
    const headers = url.includes('/me') ? {} : { 'x-api-key': admin };
    const { statusCode } = await served.app.inject({ method, url, headers, ...options } as InjectOptions);
    expect([400, 401, 404]).toContain(statusCode);
  });
});

describe('unknown paths and methods of a protocol', () => {
  const text = (code: string) => ({ error: expect.stringMatching(`^${code}: .+`) });
  const google = (code: number, reason: string) => ({
    error: {
      code,
      status: expect.any(String),
      message: expect.any(String),
      details: [expect.objectContaining({ reason })],
    },
  });
  it.each([
    ['GET', '/v2/models/leaf/config', 404, text('HTTP_ROUTE_UNKNOWN')],
    ['POST', '/v2/repository/index', 404, text('HTTP_ROUTE_UNKNOWN')],
    ['GET', '/v2/models/leaf/infer', 405, text('HTTP_METHOD_UNKNOWN')],
    ['POST', '/v2?x=1', 405, text('HTTP_METHOD_UNKNOWN')],
    ['GET', '/v2/models/%E0%A4%A', 400, text('HTTP_REQUEST_INVALID')],
    ['POST', '/v1/models/leaf:regress', 404, text('HTTP_ROUTE_UNKNOWN')],
    ['POST', '/v1/models/leaf/versions/1:predict', 404, text('HTTP_ROUTE_UNKNOWN')],
    ['DELETE', '/v1/models', 405, text('HTTP_METHOD_UNKNOWN')],
    ['POST', '/v1/projects/p/locations/l/endpoints/leaf:rawPredict', 404, google(404, 'HTTP_ROUTE_UNKNOWN')],
    ['GET', '/v1/projects/p/locations/l/endpoints/leaf:predict', 405, google(405, 'HTTP_METHOD_UNKNOWN')],
    ['GET', '/v1beta1/projects/p', 404, google(404, 'HTTP_ROUTE_UNKNOWN')],
    ['GET', '/v2models', 404, { error: expect.objectContaining({ code: 'HTTP_ROUTE_UNKNOWN' }) }],
    ['GET', '/predict', 405, { error: expect.objectContaining({ code: 'HTTP_METHOD_UNKNOWN' }) }],
  ] as const)('%s %s: %i in its own shape', async (method, url, status, body) => {
    const answer = await served.ask(method, url, method === 'POST' ? { payload: {} } : {});
    expect([answer.statusCode, answer.json()]).toEqual([status, body]);
  });
});

describe('members that are null, as C#, Java and Kotlin write absent ones', () => {
  const none = '01890000-0000-7000-8000-000000000000';
  it.each([
    ['POST', '/api/v1/keys', { name: 'nulls', scope: 'predict', expiresAt: null }, 201],
    [
      'POST',
      '/api/v1/endpoints',
      { name: 'nulls', displayName: null, settings: { images: null, public: null }, why: null },
      201,
    ],
    ['PATCH', '/api/v1/endpoints/nulls', { settings: { review: null, abstain: null }, why: null }, 200],
    [
      'POST',
      '/api/v1/feedback',
      {
        idempotencyKey: null,
        source: null,
        feedback: [{ id: none, requestId: null, instance: null, kind: 'verdict', verdict: 'right' }],
      },
      404,
    ],
    ['POST', '/api/v1/review/fill', { endpoint: 'nulls', budget: null }, 200],
    ['POST', '/api/v1/keys', { name: null, scope: 'predict' }, 400],
  ] as const)('%s %s %j: %i', async (method, url, body, status) => {
    const answer = await ask([method, url, body]);
    expect([answer.statusCode, answer.body]).toEqual([status, expect.anything()]);
  });
});

describe('dates', () => {
  it.each([
    ['2026-02-30', 400],
    ['2026-13-01', 400],
    ['0', 400],
    ['-1', 400],
    ['12026-01-01', 400],
    ['1969-12-31', 400],
    ['2026-11-23T24:00:00Z', 400],
    ['2026-11-23T10:00:60Z', 400],
    ['2026-11-23T10:00:00%2B15:00', 400],
    ['23.11.2026', 400],
    ['November', 400],
    ['2026-11-23', 200],
    ['2026-11-23T10:00', 200],
    ['2026-11-23T10:00:00.123456Z', 200],
    ['2026-11-23T10:00:00%2B09:00', 200],
    ['2028-02-29', 200],
  ])('%s in a query: %i', async (text, status) => {
    const answer = await ask(['GET', `/api/v1/requests?from=${text}`]);
    expect([answer.statusCode, answer.body]).toEqual([status, expect.anything()]);
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
  expect(answer.body).not.toMatch(/"code":"HTTP_(?:ROUTE|METHOD)_UNKNOWN"/);
});
