import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServedApp } from '../../../tests/support/served-app.ts';
import { tester } from '../../../tests/support/tester.ts';
import { unaudited } from '../../../tests/support/unaudited.ts';
import { hashPassword } from '../../actions/access/password.ts';
import { createUser } from '../../actions/access/user.ts';

const password = 'correct horse battery';
let served: ServedApp;
let admin: string;

beforeAll(async () => {
  served = await ServedApp.open([]);
  admin = await served.makeKey('admin');
  for (const name of ['mika', 'lee']) await createUser(served.served.store, { name, password, role: 'viewer' }, tester);
});
afterAll(async () => await served[Symbol.asyncDispose]());

interface Ask {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  payload?: object;
  headers?: Record<string, string>;
  remoteAddress?: string;
}

async function ask(url: string, { method = 'GET', payload, ...rest }: Ask = {}) {
  const answer = await served.app.inject({ ...rest, method, url, ...(payload && { payload }) });
  const body = answer.body === '' ? null : answer.json();
  return { status: answer.statusCode, code: body?.error?.code as string | undefined, body, headers: answer.headers };
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

let addresses = 0;
/** From an address of its own: ten a minute for each. */
async function signIn(given: { name: string; password?: string; code?: string }, headers: Record<string, string> = {}) {
  const remoteAddress = `10.2.0.${++addresses}`;
  const answer = await ask('/api/v1/sessions', {
    method: 'POST',
    payload: { password, ...given },
    headers,
    remoteAddress,
  });
  const [cookie = ''] = String(answer.headers['set-cookie']).split(';', 1);
  return { ...answer, token: answer.body.token as string, cookie, remoteAddress };
}

describe('people', () => {
  it('see their sessions, and end one or all; nobody else’s without being an admin of the server', async () => {
    const [one, two, other] = [
      await signIn({ name: 'mika' }, { 'user-agent': `Browser/${'1'.repeat(300)}` }),
      await signIn({ name: 'mika' }),
      await signIn({ name: 'lee' }),
    ];
    const list = (name: string, token: string) => ask(`/api/v1/users/${name}/sessions`, { headers: bearer(token) });
    const end = (path: string, token: string) =>
      ask(`/api/v1/users/${path}`, { method: 'DELETE', headers: bearer(token) });
    const { items } = (await list('mika', one.token)).body;
    const [second, first] = items;
    expect(first).toMatchObject({ address: one.remoteAddress, userAgent: `Browser/${'1'.repeat(192)}` });
    expect(second).toMatchObject({ address: two.remoteAddress, lastUsedAt: null });
    expect(JSON.stringify(items)).not.toContain(one.token);
    const isUsed = async () => (await list('mika', one.token)).body.items.at(-1).lastUsedAt;
    await expect.poll(isUsed, { timeout: 15_000 }).toEqual(expect.any(String));

    expect((await list('mika', other.token)).code).toBe('ACCESS_DENIED');
    expect((await end('mika/sessions', other.token)).code).toBe('ACCESS_DENIED');
    expect((await ask('/api/v1/users/mika/sessions')).code).toBe('ACCESS_KEY_MISSING');
    const [theirs] = (await list('lee', admin)).body.items;
    expect((await end(`mika/sessions/${theirs.id}`, one.token)).code).toBe('SESSION_UNKNOWN');

    expect((await end(`mika/sessions/${second.id}`, one.token)).body).toEqual({ ended: 1 });
    expect((await list('mika', two.token)).code).toBe('SESSION_ENDED');
    expect((await list('mika', one.token)).body.items).toHaveLength(1);
    expect((await end('mika/sessions', admin)).body).toEqual({ ended: 1 });
    expect((await list('mika', one.token)).code).toBe('SESSION_ENDED');
    expect((await list('lee', other.token)).status).toBe(200);
    expect((await list('nobody', admin)).code).toBe('USER_UNKNOWN');
    const rows = (await served.served.store.access.listAudit({ limit: 10 })).filter(
      ({ action }) => action === 'session.end',
    );
    expect(rows.map(({ who, details }) => [who.split(':')[0], details])).toEqual([
      ['key', { id: 'all', ended: 1 }],
      ['user', { id: second.id, ended: 1 }],
    ]);
  });

  it('sign in again with the cookie of a session that has ended, or that has no role in the usual project', async () => {
    const passwordHash = await hashPassword(password);
    await unaudited(served.served.store).access.createUser({ name: 'guest', passwordHash });
    const guest = await signIn({ name: 'guest' });
    const again = (cookie: string) =>
      signIn({ name: 'mika' }, { cookie, host: 'mitate.example', origin: 'https://mitate.example' });
    expect((await again(guest.cookie)).status).toBe(201);
    const { token, cookie } = await signIn({ name: 'mika' });
    await ask('/api/v1/sessions/current', { method: 'DELETE', headers: bearer(token) });
    expect((await again(cookie)).status).toBe(201);
    expect((await ask('/api/v1/keys', { headers: { cookie } })).code).toBe('SESSION_ENDED');
  });
});
