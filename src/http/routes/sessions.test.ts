import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServedApp } from '../../../tests/support/served-app.ts';
import { tester } from '../../../tests/support/tester.ts';
import { unaudited } from '../../../tests/support/unaudited.ts';
import { hashPassword } from '../../actions/access/password.ts';
import { createUser } from '../../actions/access/user.ts';

const password = 'correct horse battery';
let served: ServedApp;

beforeAll(async () => {
  served = await ServedApp.open([]);
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
