import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServedApp } from '../../tests/support/served-app.ts';
import { resolveConfig } from '../config/config.ts';
import { silentLogger } from '../contracts/logger.ts';
import { isLoopback } from './plugins/this-machine-only.ts';
import { startServer } from './serve.ts';

describe('a server without keys', () => {
  let served: ServedApp;
  beforeAll(async () => {
    served = await ServedApp.open([], { access: 'open' });
  });
  afterAll(async () => await served[Symbol.asyncDispose]());

  const ask = (headers: Record<string, string>, url = '/api/v1/models') =>
    served.app.inject({ method: 'GET', url, headers });

  it.each([
    'localhost',
    'localhost:8080',
    '127.0.0.1:8080',
    '[::1]:8080',
  ])('answers this machine as %s', async (host) => {
    const answer = await ask({ host });
    expect(answer.statusCode).toBe(200);
    expect((await ask({ host }, '/api/v1/me')).json()).toMatchObject({ kind: 'local', project: 'default' });
  });

  it.each([
    'evil.example',
    'evil.example:8080',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'localhost@evil.example',
    '127.0.0.1:8080:80',
    '192.168.1.7:8080',
    '0.0.0.0:8080',
  ])('refuses a page whose name was pointed here: %s', async (host) => {
    const answer = await ask({ host });
    expect(answer.statusCode).toBe(403);
    expect(answer.json().error.code).toBe('HTTP_HOST_REFUSED');
  });

  it('refuses pages of other origins, this machine’s other ports too', async () => {
    const host = '127.0.0.1:8080';
    const from = async (origin: string) => (await ask({ host, origin })).statusCode;
    expect(await from('http://127.0.0.1:8080')).toBe(200);
    for (const origin of ['https://evil.example', 'http://127.0.0.1:3000', 'null', 'https://127.0.0.1:8080'])
      expect(await from(origin)).toBe(403);
  });

  it('refuses all of it on every route, predictions and probes too', async () => {
    for (const url of ['/livez', '/api/v1/docs', '/api/v1/openapi.json', '/v2', '/nothing'])
      expect((await ask({ host: 'evil.example' }, url)).statusCode).toBe(403);
  });

  it('bounds guesses at passwords per address', async () => {
    const url = `${served.url}/api/v1/sessions`;
    const body = JSON.stringify({ name: 'a', password: 'b' });
    const guess = () => fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    const answers = await Promise.all(Array.from({ length: 12 }, guess));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(10);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(2);
  });

  it('is not opened where other machines reach it', async () => {
    const config = resolveConfig({ flags: { workspace: '/nonexistent' }, env: {}, cwd: '/', isTty: false });
    const start = startServer(config, { host: '0.0.0.0', port: 0, access: 'open', logger: silentLogger });
    await expect(start).rejects.toThrow(expect.objectContaining({ code: 'SERVER_OPEN_TO_ALL' }));
    expect(['127.0.0.1', '127.8.8.8', '::1', 'localhost'].every(isLoopback)).toBe(true);
    expect(['0.0.0.0', '::', '10.0.0.1', 'localhost.example', '128.0.0.1'].some(isLoopback)).toBe(false);
  });
});

describe('the rate limit', () => {
  let served: ServedApp;
  beforeAll(async () => {
    served = await ServedApp.open([], { limits: { requestsAMinute: 5 } });
  });
  afterAll(async () => await served[Symbol.asyncDispose]());

  it('is each key’s own, and says when to come again', async () => {
    const [one, other] = [await served.makeKey('operate'), await served.makeKey('operate')];
    const ask = (key: string) => served.ask('GET', '/api/v1/models', { headers: { 'x-api-key': key } });
    for (let i = 0; i < 5; i++) expect((await ask(one)).statusCode).toBe(200);
    const refused = await ask(one);
    expect(refused.statusCode).toBe(429);
    expect(refused.json().error.code).toBe('HTTP_RATE_LIMITED');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60);
    expect((await ask(other)).statusCode).toBe(200);
    expect((await served.ask('GET', '/livez')).statusCode).toBe(200);
  });
});
