import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localToken, ServedApp } from '../../../tests/support/served-app.ts';
import { ServedWorkspace } from '../../../tests/support/served-workspace.ts';
import { tester } from '../../../tests/support/tester.ts';
import { unaudited } from '../../../tests/support/unaudited.ts';
import { createUser } from '../../actions/access/user.ts';
import { newKey } from '../../codecs/key-format.ts';
import { resolveConfig } from '../../config/config.ts';
import type { Role } from '../../contracts/access.ts';
import { createMetrics } from '../../serving/metrics.ts';
import { createApp } from '../app.ts';
import { firstKey } from './first-key.ts';
import { verifiedKeys } from './verified-keys.ts';

const password = 'correct horse battery';
/** A second; a busy machine gets more. */
const soon = { timeout: 10_000 };
let served: ServedApp;
let admin: string;

beforeAll(async () => {
  served = await ServedApp.open([]);
  admin = await served.makeKey('admin');
  const { store } = served.served;
  await unaudited(store).access.createProject({ name: 'other', description: '' });
  for (const role of ['viewer', 'developer', 'admin'] as Role[])
    await createUser(store, { name: role, password, role }, tester);
});
afterAll(async () => await served[Symbol.asyncDispose]());

interface Ask {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  payload?: object;
  headers?: Record<string, string>;
}

/** As whoever the headers say; nobody by default. */
async function ask(url: string, { method = 'GET', payload, headers = {} }: Ask = {}) {
  const answer = await served.app.inject({ method, url, headers, ...(payload && { payload }) });
  const body = answer.body === '' ? null : answer.json();
  return { status: answer.statusCode, code: body?.error?.code as string | undefined, body, headers: answer.headers };
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const me = (headers: Record<string, string>) => ask('/api/v1/me', { headers });

async function signIn(name: string): Promise<{ token: string; cookie: string; setCookie: string }> {
  const { body, headers, status } = await ask('/api/v1/sessions', { method: 'POST', payload: { name, password } });
  expect(status).toBe(201);
  const setCookie = String(headers['set-cookie']);
  return { token: body.token, setCookie, cookie: setCookie.split(';', 1)[0]! };
}

describe('API keys', () => {
  it('are taken as bearer and in X-Api-Key', async () => {
    expect((await me(bearer(admin))).body).toMatchObject({ kind: 'key', project: 'default' });
    expect((await me({ 'x-api-key': admin })).status).toBe(200);
  });

  it.each([
    ['nonsense', () => 'nonsense'],
    ['of nobody', () => newKey().key],
    ['with another secret', () => `${admin.slice(0, -4)}AAAA`],
    ['with another secret of a key not seen yet', async () => `${(await served.makeKey('admin')).slice(0, -4)}AAAA`],
    ['empty', () => ''],
    ['in another form', () => 'mk__'],
  ])('are refused: %s', async (_what, key) => {
    expect(await me({ 'x-api-key': await key() })).toMatchObject({ status: 401, code: 'ACCESS_KEY_INVALID' });
  });

  it('are refused after their expiry, seen before or not', async () => {
    const key = await served.makeKey('predict', new Date(Date.now() + 2_000));
    expect((await me({ 'x-api-key': key })).status).toBe(200);
    const other = await served.makeKey('predict', new Date(Date.now() - 1));
    for (const expired of [other, key])
      await expect.poll(async () => (await me({ 'x-api-key': expired })).code, soon).toBe('ACCESS_KEY_EXPIRED');
  });

  it('answer nobody once they are revoked here', async () => {
    const made = await ask('/api/v1/keys', {
      method: 'POST',
      headers: bearer(admin),
      payload: { name: 'ci', scope: 'operate' },
    });
    const { key, info } = made.body;
    expect((await me(bearer(key))).body.permissions).toEqual(['predict', 'read', 'label', 'operate']);
    await ask(`/api/v1/keys/${info.id}`, { method: 'DELETE', headers: bearer(admin) });
    expect(await me(bearer(key))).toMatchObject({ status: 401, code: 'ACCESS_KEY_INVALID' });
    const listed = await ask('/api/v1/keys', { headers: bearer(admin) });
    expect(JSON.stringify(listed.body)).not.toContain(key.slice('mk_0123456789abcdef_'.length));
  });

  it('answer nobody soon after another process revoked them', async () => {
    const key = await served.makeKey('predict');
    expect((await me(bearer(key))).status).toBe(200);
    await unaudited(served.served.store).access.revokeKey(key.split('_')[1]!, 'default');
    await expect.poll(async () => (await me(bearer(key))).status, soon).toBe(401);
  });

  it('go on while the database does not answer', async () => {
    const key = await served.makeKey('predict');
    await me(bearer(key));
    const { access } = served.served.store;
    const { listKeys, findKey } = access;
    access.listKeys = access.findKey = async () => {
      throw new Error('the database is away');
    };
    await wait(1_200);
    expect((await me(bearer(key))).status).toBe(200);
    Object.assign(access, { listKeys, findKey });
  });

  it('are of one project', async () => {
    const key = await served.makeKey('admin', null, 'other');
    expect((await me(bearer(key))).body.project).toBe('other');
    const elsewhere = { ...bearer(key), 'x-mitate-project': 'default' };
    expect(await me(elsewhere)).toMatchObject({ status: 403, code: 'ACCESS_NO_ROLE' });
    const revoking = await ask(`/api/v1/keys/${admin.split('_')[1]}`, { method: 'DELETE', headers: bearer(key) });
    expect(revoking).toMatchObject({ status: 404, code: 'KEY_UNKNOWN' });
    const making = await ask('/api/v1/projects', { method: 'POST', headers: bearer(key), payload: { name: 'mine' } });
    expect(making).toMatchObject({ status: 403, code: 'ACCESS_DENIED' });
    expect((await ask('/api/v1/projects', { headers: bearer(key) })).body.items).toMatchObject([{ name: 'other' }]);
  });

  it('say when they were last used', async () => {
    const key = await served.makeKey('predict');
    await me(bearer(key));
    await expect
      .poll(async () => (await served.served.store.access.findKey(key.split('_')[1]!))?.lastUsedAt, soon)
      .toBeInstanceOf(Date);
  });

  it('do what their scope lets them', async () => {
    const predict = bearer(served.key);
    expect((await ask('/api/v1/models', { headers: predict })).code).toBe('ACCESS_DENIED');
    expect((await ask('/api/v1/models')).code).toBe('ACCESS_KEY_MISSING');
    expect((await ask('/metrics', { headers: predict })).code).toBe('ACCESS_DENIED');
    const operate = bearer(await served.makeKey('operate'));
    expect((await ask('/api/v1/models', { headers: operate })).status).toBe(200);
    expect((await ask('/api/v1/keys', { headers: operate })).code).toBe('ACCESS_DENIED');
  });
});

describe('the token of this machine', () => {
  it('may everything in every project, under the name of whoever uses it', async () => {
    const headers = { ...bearer(localToken), 'x-mitate-project': 'other', 'x-mitate-who': 'mika' };
    expect((await me(headers)).body).toMatchObject({ kind: 'local', who: 'local:mika', project: 'other' });
    expect((await me(bearer(`${localToken.slice(0, -1)}x`))).status).toBe(401);
    // as long as the token, but more bytes in UTF-8
    expect((await me({ 'x-api-key': `${localToken.slice(0, -1)}é` })).status).toBe(401);
  });
});

describe("the session of the owner's link", () => {
  it('is of use on this machine only, and ends with the server', async () => {
    const payload = { token: served.signInLinks.make() };
    const { headers } = await ask('/api/v1/sessions/link', { method: 'POST', payload });
    const [cookie = ''] = String(headers['set-cookie']).split(';', 1);
    expect((await me({ cookie })).body).toMatchObject({ kind: 'local' });
    const elsewhere = { method: 'GET', url: '/api/v1/keys', headers: { cookie } } as const;
    const { statusCode } = await served.app.inject({ ...elsewhere, remoteAddress: '192.168.1.7' });
    expect(statusCode).toBe(401);
    expect((await ask('/api/v1/keys', { headers: { cookie, 'x-forwarded-for': '10.0.0.1' } })).status).toBe(401);
    const { store, service } = served.served;
    const config = resolveConfig({ flags: {}, env: {}, cwd: '/', isTty: false });
    const next = await createApp({ config, store, service, metrics: createMetrics(), access: 'keys', localToken });
    expect((await next.inject(elsewhere)).statusCode).toBe(401);
    await next.close();
  });
});

describe('people', () => {
  it('sign in, act by their role, and sign out', async () => {
    const { token, setCookie } = await signIn('developer');
    expect(setCookie).toMatch(/HttpOnly/);
    expect(setCookie).toMatch(/SameSite=Strict/);
    expect((await me(bearer(token))).body).toMatchObject({ kind: 'user', who: 'user:developer' });
    expect((await ask('/api/v1/users', { headers: bearer(token) })).code).toBe('ACCESS_DENIED');
    expect((await ask('/api/v1/sessions/current', { method: 'DELETE', headers: bearer(token) })).status).toBe(204);
    expect((await me(bearer(token))).code).toBe('SESSION_ENDED');
  });

  it('are refused without being told why', async () => {
    const wrong = await ask('/api/v1/sessions', { method: 'POST', payload: { name: 'viewer', password: 'wrong' } });
    const nobody = await ask('/api/v1/sessions', { method: 'POST', payload: { name: 'nobody', password } });
    expect(wrong).toMatchObject({ status: 401, code: 'SIGN_IN_REFUSED' });
    expect({ ...wrong.body.error, requestId: '' }).toEqual({ ...nobody.body.error, requestId: '' });
  });

  it('have a role per project', async () => {
    const { token } = await signIn('viewer');
    const elsewhere = { ...bearer(token), 'x-mitate-project': 'other' };
    expect(await me(elsewhere)).toMatchObject({ status: 403, code: 'ACCESS_NO_ROLE' });
    await unaudited(served.served.store).access.setRole('viewer', 'other', 'admin');
    await expect.poll(async () => (await me(elsewhere)).body.permissions, soon).toContain('admin');
    expect((await me(bearer(token))).body.permissions).toEqual(['read']);
  });

  it('have no role in a project that is named like a member of every object', async () => {
    await unaudited(served.served.store).access.createProject({ name: 'constructor', description: '' });
    const { token } = await signIn('viewer');
    const elsewhere = { ...bearer(token), 'x-mitate-project': 'constructor' };
    expect(await me(elsewhere)).toMatchObject({ status: 403, code: 'ACCESS_NO_ROLE' });
  });

  it('set their own password; another’s takes an admin of the server', async () => {
    const { token } = await signIn('developer');
    const change = (name: string, headers: Record<string, string>) =>
      ask(`/api/v1/users/${name}`, { method: 'PATCH', headers, payload: { password } });
    expect((await change('developer', bearer(token))).status).toBe(200);
    const again = await signIn('developer');
    expect((await change('viewer', bearer(again.token))).code).toBe('ACCESS_DENIED');
    const foreign = await served.makeKey('admin', null, 'other');
    expect((await change('viewer', bearer(foreign))).code).toBe('ACCESS_DENIED');
    expect((await change('viewer', bearer(admin))).status).toBe(200);
  });

  it('are out at once when they are disabled', async () => {
    const { token } = await signIn('admin');
    await ask('/api/v1/users/admin', { method: 'PATCH', headers: bearer(admin), payload: { disabled: true } });
    await expect.poll(async () => (await me(bearer(token))).code, soon).toBe('SESSION_ENDED');
    const again = await ask('/api/v1/sessions', { method: 'POST', payload: { name: 'admin', password } });
    expect(again.code).toBe('SIGN_IN_REFUSED');
  });

  it('change nothing from the page of another site', async () => {
    const { cookie } = await signIn('viewer');
    const change = (origin?: string) =>
      ask('/api/v1/users/viewer', {
        method: 'PATCH',
        headers: { cookie, host: 'mitate.example', ...(origin && { origin }) },
        payload: { password },
      });
    expect((await me({ cookie })).body.who).toBe('user:viewer');
    expect((await change('https://evil.example')).code).toBe('ACCESS_CROSS_SITE');
    expect((await change()).code).toBe('ACCESS_CROSS_SITE');
    expect((await change('null')).code).toBe('ACCESS_CROSS_SITE');
    expect((await change('https://mitate.example')).status).toBe(200);
  });
});

describe('a key that is rotated', () => {
  it('is accepted for the overlap beside the new one, which has its name, scope and validity', async () => {
    const old = await served.makeKey('operate', new Date(Date.now() + 90 * 86_400_000));
    const [, id = ''] = old.split('_');
    const rotate = (overlap: string, of: string) =>
      ask(`/api/v1/keys/${of}:rotate`, { method: 'POST', headers: bearer(admin), payload: { overlap } });
    const { status, body } = await rotate('7d', id);
    expect(status).toBe(201);
    expect(body.info).toMatchObject({ name: body.replaced.name, scope: 'operate' });
    expect(Date.parse(body.replaced.expiresAt) / 86_400_000).toBeCloseTo(Date.now() / 86_400_000 + 7, 1);
    expect(Date.parse(body.info.expiresAt) / 86_400_000).toBeCloseTo(Date.now() / 86_400_000 + 90, 1);
    for (const key of [old, body.key]) expect((await me(bearer(key))).status).toBe(200);
    const ended = await rotate('0s', body.info.id);
    await expect.poll(async () => (await me(bearer(body.key))).code, soon).toBe('ACCESS_KEY_EXPIRED');
    expect((await me(bearer(ended.body.key))).status).toBe(200);
    expect((await rotate('1d', body.info.id)).code).toBe('KEY_UNKNOWN');
  });
});

describe('the first key of a workspace', () => {
  it('ends after a day unless it was used; then the next start makes another', async () => {
    await using fresh = await ServedWorkspace.open([]);
    const { access, connection } = fresh.store;
    const { pool } = connection;
    const first = await firstKey(fresh.store);
    expect(await firstKey(fresh.store)).toBeNull();
    await pool.query(`update api_keys set unused_until = now() - interval '1 s'`);
    using keys = verifiedKeys(access);
    await expect(keys.lookUp(first!)).rejects.toMatchObject({ code: 'ACCESS_KEY_EXPIRED' });
    const second = await firstKey(fresh.store);
    expect(second).not.toBeNull();
    await keys.lookUp(second!);
    await keys.flush();
    await pool.query(`update api_keys set unused_until = now() - interval '1 s'`);
    expect((await keys.lookUp(second!)).permissions.has('admin')).toBe(true);
    await pool.query(`update api_keys set revoked_at = now() where last_used_at is not null`);
    expect(await firstKey(fresh.store)).toBeNull();
  });
});

describe('the audit log', () => {
  it('has every change with who made it, and no secret', async () => {
    const headers = { ...bearer(admin), 'x-request-id': 'audit-test-1' };
    const person = { name: 'noor', password, role: 'labeller' };
    await ask('/api/v1/users', { method: 'POST', headers, payload: person });
    await ask('/api/v1/users/noor/role', { method: 'PUT', headers, payload: { role: 'viewer' } });
    await ask('/api/v1/users/noor', { method: 'PATCH', headers, payload: { role: 'viewer', password: 'x' } });
    const { body } = await ask('/api/v1/audit?limit=2', { headers });
    expect(body.items).toMatchObject([
      { action: 'user.role', subject: 'noor', requestId: 'audit-test-1', details: { role: 'viewer' } },
      { action: 'user.create', subject: 'noor', details: { role: 'labeller' } },
    ]);
    expect(JSON.stringify(body)).not.toContain(password);
    const next = await ask(`/api/v1/audit?limit=2&cursor=${body.nextCursor}`, { headers });
    expect(next.body.items[0].seq).toBeLessThan(body.items[1].seq);
  });

  it('is of one project', async () => {
    const foreign = await served.makeKey('admin', null, 'other');
    const { body } = await ask('/api/v1/audit', { headers: bearer(foreign) });
    expect(JSON.stringify(body)).not.toContain('noor');
  });
});

describe('strangers', () => {
  // with addresses of its own
  beforeAll(async () => {
    await served[Symbol.asyncDispose]();
    served = await ServedApp.open([]);
    await createUser(served.served.store, { name: 'viewer', password, role: 'viewer' }, tester);
  });

  it('cost valid keys and sessions nothing: only failures count (120 bogus keys locked out a valid one)', async () => {
    const unseen = await served.makeKey('predict');
    const { token } = await signIn('viewer');
    const bogus = Array.from({ length: 125 }, () => me(bearer(newKey().key)));
    const codes = Map.groupBy(await Promise.all(bogus), ({ code }) => code);
    expect([...codes.keys()].sort()).toEqual(['ACCESS_KEY_INVALID', 'HTTP_RATE_LIMITED']);
    expect(codes.get('ACCESS_KEY_INVALID')).toHaveLength(120);
    expect((await me(bearer('s'.repeat(43)))).code).toBe('HTTP_RATE_LIMITED');
    expect((await me(bearer(token))).status).toBe(200);
    // made elsewhere a moment ago
    await expect.poll(async () => (await me(bearer(unseen))).status, soon).toBe(200);
    const { token: again } = await signIn('viewer');
    expect((await me(bearer(again))).status).toBe(200);
  });

  it('have as many IPv6 addresses as they like, and are counted as one (each address had limits of its own)', async () => {
    const guess = async (i: number) => {
      const remoteAddress = `2001:db8:0:7::${i.toString(16)}`;
      const headers = { 'x-api-key': newKey().key };
      return (await served.app.inject({ url: '/api/v1/me', remoteAddress, headers })).statusCode;
    };
    const codes = await Promise.all(Array.from({ length: 125 }, (_, i) => guess(i)));
    expect(codes.filter((code) => code === 401)).toHaveLength(120);
    const signs = Array.from({ length: 12 }, (_, i) =>
      served.app.inject({
        method: 'POST',
        url: '/api/v1/sessions',
        remoteAddress: `2001:db8:0:8::${i}`,
        payload: { name: 'viewer', password: 'wrong' },
      }),
    );
    const signed = (await Promise.all(signs)).map(({ statusCode }) => statusCode);
    expect(signed.filter((code) => code === 429)).toHaveLength(2);
    const other = { url: '/api/v1/me', remoteAddress: '2001:db8:0:9::1', headers: { 'x-api-key': newKey().key } };
    expect((await served.app.inject(other)).statusCode).toBe(401);
  });
});
