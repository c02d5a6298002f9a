import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exchange } from '../../tests/conformance/protocols/fixture.ts';
import { ScratchFolder } from '../../tests/support/scratch-folder.ts';
import { ServedApp } from '../../tests/support/served-app.ts';

const folder = new ScratchFolder();
let served: ServedApp;
let admin: string;

beforeAll(async () => {
  const page = folder.at('page');
  mkdirSync(folder.at('page', 'app'), { recursive: true });
  mkdirSync(folder.at('page', '.git'));
  writeFileSync(folder.at('secret.txt'), 'what nobody reads');
  writeFileSync(folder.at('page', 'index.html'), '<!doctype html><title>Leaves</title>');
  writeFileSync(folder.at('page', 'app', 'index.html'), '<!doctype html><title>App</title>');
  writeFileSync(folder.at('page', '葉 1.js'), 'export {};');
  writeFileSync(folder.at('page', '.env'), 'what nobody reads');
  writeFileSync(folder.at('page', '.git', 'config'), 'what nobody reads');
  symlinkSync(folder.at('secret.txt'), folder.at('page', 'link.txt'));
  symlinkSync(folder.path, folder.at('page', 'up'));
  const env = { MITATE_CORS_ORIGINS: 'https://ops.example, capacitor://localhost' };
  served = await ServedApp.open([], { env, staticFolder: page });
  admin = await served.makeKey('admin');
  const settings = { corsOrigins: ['https://app.example', 'http://localhost:5173'] };
  const created = await ask('POST', '/api/v1/endpoints', { payload: { name: 'leaf', settings } });
  expect(created.json().settings.corsOrigins).toEqual(settings.corsOrigins);
});
afterAll(async () => {
  await served?.[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

type Options = Parameters<ServedApp['ask']>[2] & object;
const ask = (method: 'GET' | 'POST' | 'PATCH', url: string, options: Options = {}) =>
  served.ask(method, url, { ...options, headers: { 'x-api-key': admin, ...options.headers } });
const from = (origin: string, url: string, method: 'GET' | 'POST' = 'POST') =>
  ask(method, url, { headers: { origin }, ...(method === 'POST' && { payload: {} }) });
const preflight = (origin: string, url: string) =>
  served.app.inject({ method: 'OPTIONS', url, headers: { origin, 'access-control-request-method': 'POST' } });

const ofEndpoint = [
  '/api/v1/endpoints/leaf:predict',
  '/api/v1/endpoints/leaf:explain?format=json',
  '/v1/models/leaf:predict',
  '/v2/models/leaf/infer',
  '/v1/projects/p/locations/l/endpoints/leaf:explain',
  '/api/v1/feedback',
];
const ofServer = [
  '/api/v1/endpoints/other:predict',
  '/api/v1/requests',
  '/predict',
  '/v2/models/leafy/infer',
  '/api/v1/feedback/links',
];

describe('a page of another origin', () => {
  it.each(ofEndpoint)("of an endpoint's list may call %s, and read its errors", async (url) => {
    for (const origin of [
      'https://app.example',
      'http://localhost:5173',
      'https://ops.example',
      'capacitor://localhost',
    ]) {
      const asked = await preflight(origin, url);
      expect([asked.statusCode, asked.headers['access-control-allow-origin']]).toEqual([204, origin]);
      expect(asked.headers['access-control-allow-headers']).toMatch(/x-api-key.*x-mitate-attributes/);
      expect(asked.headers['access-control-allow-methods']).toContain('POST');
      const { statusCode, headers } = await from(origin, url);
      expect(statusCode).toBeGreaterThanOrEqual(400);
      expect(headers).toMatchObject({ 'access-control-allow-origin': origin, vary: expect.stringContaining('origin') });
      expect(headers['access-control-expose-headers']).toContain('retry-after');
      expect(headers['access-control-allow-credentials']).toBeUndefined();
    }
  });

  it.each(ofServer)("may call %s only with the server's list", async (url) => {
    expect((await preflight('https://app.example', url)).headers['access-control-allow-origin']).toBeUndefined();
    expect((await from('https://app.example', url)).headers['access-control-allow-origin']).toBeUndefined();
    expect((await preflight('https://ops.example', url)).statusCode).toBe(204);
  });

  it.each([
    'https://evil.example',
    'https://app.example.evil.example',
    'http://app.example',
    'https://app.example:8443',
    'null',
    'HTTPS://APP.EXAMPLE',
  ])('%s is not allowed', async (origin) => {
    for (const url of ofEndpoint) {
      expect((await preflight(origin, url)).headers['access-control-allow-origin']).toBeUndefined();
      const { headers } = await from(origin, url);
      expect(headers['access-control-allow-origin']).toBeUndefined();
      expect(headers.vary).toContain('origin');
    }
  });

  it('reads refusals of access, of limits and of unknown routes', async () => {
    const headers = { origin: 'https://ops.example', 'x-api-key': 'mk_wrong' };
    for (const [url, status] of [
      ['/api/v1/requests', 401],
      ['/api/v1/nothing', 404],
    ] as const) {
      const answer = await served.ask('GET', url, { headers });
      expect([answer.statusCode, answer.headers['access-control-allow-origin']]).toEqual([
        status,
        'https://ops.example',
      ]);
    }
  });

  it('is no longer allowed once the list is changed', async () => {
    const patch = (corsOrigins: string[] | null) =>
      ask('PATCH', '/api/v1/endpoints/leaf', { payload: { settings: { corsOrigins } } });
    const before = (await ask('GET', '/api/v1/endpoints/leaf')).json().settings.corsOrigins;
    await patch(null);
    expect(
      (await preflight('https://app.example', ofEndpoint[0]!)).headers['access-control-allow-origin'],
    ).toBeUndefined();
    await patch(before);
    expect((await preflight('https://app.example', ofEndpoint[0]!)).statusCode).toBe(204);
  });

  it.each([
    '*',
    'app.example',
    'https://app.example/',
    'https://app.example:443',
    'https://a b.example',
    'https://user@app.example',
  ])('cannot be listed as %s', async (origin) => {
    const answer = await ask('PATCH', '/api/v1/endpoints/leaf', { payload: { settings: { corsOrigins: [origin] } } });
    expect([answer.statusCode, answer.json().error.code]).toEqual([400, 'HTTP_REQUEST_INVALID']);
  });
});

describe('serve --static', () => {
  it.each([
    ['/', 'text/html', 'Leaves'],
    ['/index.html', 'text/html', 'Leaves'],
    ['/app/', 'text/html', 'App'],
    ['/%E8%91%89%201.js', 'application/javascript', 'export'],
  ])('serves %s without a key, under a policy', async (url, type, text) => {
    const { statusCode, headers, body } = await served.app.inject({ url });
    expect([statusCode, headers['content-type']]).toEqual([200, expect.stringContaining(type)]);
    expect(body).toContain(text);
    expect(headers['content-security-policy']).toMatch(/^default-src 'self'; .*frame-ancestors 'none'/);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-cache',
      etag: expect.any(String),
    });
  });

  it.each([
    '/link.txt',
    '/up/secret.txt',
    '/.env',
    '/.git/config',
    '/%2e%65nv',
    '/nothing.html',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/..%5csecret.txt',
    '/app/..%2f..%2fsecret.txt',
    '/index.html%00.txt',
    '/%E0%A4%A',
  ])('does not serve %s', async (url) => {
    const { statusCode, body } = await served.app.inject({ url });
    expect([400, 403, 404]).toContain(statusCode);
    expect(body).not.toContain('what nobody reads');
    expect(JSON.parse(body).error.code).toMatch(/^(HTTP|REQUEST)_/);
  });

  it('does not follow dots of a client that sends them raw', async () => {
    for (const path of ['/../secret.txt', '/app/../../secret.txt', '//secret.txt', '/./../secret.txt']) {
      const { status, body } = await exchange(served, `GET ${path} HTTP/1.1\nHost: localhost`, '');
      expect([400, 403, 404], path).toContain(status);
      expect(body.toString()).not.toContain('what nobody reads');
    }
  });

  it('leaves the routes of the API as they are', async () => {
    expect((await served.app.inject({ url: '/livez' })).json()).toEqual({ live: true });
    const unknown = await served.app.inject({ url: '/v2/models/leaf/config' });
    expect([unknown.statusCode, unknown.json()]).toEqual([
      404,
      { error: expect.stringMatching(/^HTTP_ROUTE_UNKNOWN/) },
    ]);
    const method = await served.app.inject({ method: 'DELETE', url: '/api/v1/models' });
    expect([method.statusCode, method.headers.allow]).toEqual([405, 'GET, HEAD']);
    expect((await served.app.inject({ url: '/livez' })).headers['content-security-policy']).toContain(
      "default-src 'none'",
    );
  });
});
