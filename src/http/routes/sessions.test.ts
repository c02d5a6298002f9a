import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServedApp } from '../../../tests/support/served-app.ts';
import { tester } from '../../../tests/support/tester.ts';
import { unaudited } from '../../../tests/support/unaudited.ts';
import { hashPassword } from '../../actions/access/password.ts';
import { createUser } from '../../actions/access/user.ts';
import { newTotpSecret, totpCode } from '../../codecs/totp.ts';

const password = 'correct horse battery';
const logged: string[] = [];
let served: ServedApp;
let admin: string;

beforeAll(async () => {
  served = await ServedApp.open([], { logger: pino({}, { write: (line: string) => void logged.push(line) }) });
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

it('a password in the field of the name is in no log', async () => {
  expect((await signIn({ name: 'My Secret Passw0rd' })).code).toBe('SIGN_IN_REFUSED');
  expect((await signIn({ name: 'lee', password: 'wrong' })).code).toBe('SIGN_IN_REFUSED');
  const lines = logged.filter((line) => line.includes('sign-in refused')).slice(-2);
  expect(lines.map((line) => JSON.parse(line).name)).toEqual(['no name', 'lee']);
  expect(logged.join('')).not.toContain('Passw0rd');
});

describe('a second factor', () => {
  const codeAt = (secret: string, later = 0) => totpCode(secret, Math.floor(Date.now() / 30_000) + later);
  const post = (path: string, token: string, payload?: object) =>
    ask(`/api/v1/users/${path}`, { method: 'POST', headers: bearer(token), ...(payload && { payload }) });

  beforeAll(async () => {
    for (const name of ['noor', 'kim'])
      await createUser(served.served.store, { name, password, role: 'viewer' }, tester);
  });

  it('is set up by oneself, confirmed by a code, and then needed; each code counts once', async () => {
    const { token } = await signIn({ name: 'noor' });
    const { token: other } = await signIn({ name: 'kim' });
    expect((await post('noor/totp', other)).code).toBe('ACCESS_DENIED');
    expect((await post('noor/totp', admin)).code).toBe('ACCESS_DENIED');
    expect((await post('noor/totp:confirm', token, { code: '000000' })).code).toBe('TOTP_OFF');
    const { status, body } = await post('noor/totp', token);
    const { secret, uri } = body;
    expect([status, uri]).toEqual([201, `otpauth://totp/Mitate:noor?secret=${secret}&issuer=Mitate`]);
    // until it is confirmed, nobody is locked out
    expect((await signIn({ name: 'noor' })).status).toBe(201);
    const wrong = codeAt(secret, 5);
    expect((await post('noor/totp:confirm', token, { code: wrong })).code).toBe('SIGN_IN_CODE_WRONG');
    expect((await signIn({ name: 'noor' })).status).toBe(201);
    const first = codeAt(secret);
    expect((await post('noor/totp:confirm', token, { code: first })).status).toBe(204);

    expect((await signIn({ name: 'noor' })).code).toBe('SIGN_IN_CODE_NEEDED');
    expect((await signIn({ name: 'noor', password: 'wrong', code: codeAt(secret, 1) })).code).toBe('SIGN_IN_REFUSED');
    expect((await signIn({ name: 'noor', code: first })).code).toBe('SIGN_IN_CODE_WRONG');
    const second = codeAt(secret, 1);
    const both = await Promise.all([1, 2].map(() => signIn({ name: 'noor', code: second })));
    expect(both.map((each) => each.status).sort()).toEqual([201, 401]);

    expect((await post('noor/totp', token)).code).toBe('TOTP_ON');
    for (const path of ['/api/v1/users', '/api/v1/users/noor/sessions', '/api/v1/audit', '/api/v1/me'])
      expect(JSON.stringify((await ask(path, { headers: bearer(admin) })).body)).not.toContain(secret);
    const [row] = await served.served.store.access.listAudit({ limit: 1 });
    expect(row).toMatchObject({ action: 'session.refuse', subject: 'noor', details: { error: 'SIGN_IN_CODE_WRONG' } });
  });

  it('is disabled by a code, or by an admin of the server', async () => {
    const secret = newTotpSecret();
    const { access } = unaudited(served.served.store);
    const { token } = await signIn({ name: 'kim' });
    await access.setTotp('kim', { secret, since: new Date() });
    expect((await post('kim/totp:disable', token, {})).code).toBe('SIGN_IN_CODE_NEEDED');
    expect((await post('kim/totp:disable', token, { code: codeAt(secret, 5) })).code).toBe('SIGN_IN_CODE_WRONG');
    expect((await post('kim/totp:disable', token, { code: codeAt(secret) })).status).toBe(204);
    expect((await signIn({ name: 'kim' })).status).toBe(201);
    await access.setTotp('kim', { secret, since: new Date() });
    const { token: other } = await signIn({ name: 'mika' });
    expect((await post('kim/totp:disable', other, {})).code).toBe('ACCESS_DENIED');
    expect((await post('kim/totp:disable', admin, {})).status).toBe(204);
    expect((await signIn({ name: 'kim' })).body.user.secondFactor).toBe(false);
  });

  it('is sealed in the database (whoever read it or a backup computed codes), a plain one at its next use', async () => {
    const { pool } = served.served.store.connection;
    const stored = async () => {
      const { rows } = await pool.query('select u.*, s.sealed from users u left join secrets s on s.name = $1', [
        'totp:sora',
      ]);
      return JSON.stringify(rows.filter(({ name }) => name === 'sora'));
    };
    await createUser(served.served.store, { name: 'sora', password, role: 'viewer' }, tester);
    const secret = newTotpSecret();
    await pool.query(`update users set totp_secret = $1, totp_since = now() where name = 'sora'`, [secret]);
    expect((await signIn({ name: 'sora', code: codeAt(secret, 5) })).code).toBe('SIGN_IN_CODE_WRONG');
    expect(await stored()).toContain(secret);
    expect((await signIn({ name: 'sora', code: codeAt(secret) })).status).toBe(201);
    expect(await stored()).not.toContain(secret);
    expect((await signIn({ name: 'sora', code: codeAt(secret, 1) })).status).toBe(201);
    const { body } = await post('kim/totp', (await signIn({ name: 'kim' })).token);
    const { rows } = await pool.query(`select * from users full join secrets on secrets.name = 'totp:' || users.name`);
    expect(JSON.stringify(rows)).not.toContain(body.secret);
    expect(await served.served.store.secrets.list()).toEqual([]);
    // the row of another user, and a lost key
    await pool.query(
      `update secrets set name = 'totp:kim', sealed = (select sealed from secrets where name = 'totp:sora') where name = 'totp:kim'`,
    );
    await pool.query(`update users set totp_since = now() where name = 'kim'`);
    expect((await signIn({ name: 'kim', code: codeAt(secret, 1) })).code).toBe('TOTP_KEY_WRONG');
    expect((await post('kim/totp:disable', admin, {})).status).toBe(204);
    expect((await signIn({ name: 'kim' })).status).toBe(201);
  });

  it('is not guessed: five wrong codes of whoever knows the password, from any address', async () => {
    const secret = newTotpSecret();
    await createUser(served.served.store, { name: 'aoi', password, role: 'viewer' }, tester);
    await unaudited(served.served.store).access.setTotp('aoi', { secret, since: new Date() });
    for (let i = 0; i < 5; i++)
      expect((await signIn({ name: 'aoi', code: codeAt(secret, 5 + i) })).code).toBe('SIGN_IN_CODE_WRONG');
    expect((await signIn({ name: 'aoi', code: codeAt(secret) })).code).toBe('HTTP_RATE_LIMITED');
    // who does not know the password locks nobody out, nor learns of the factor
    expect((await signIn({ name: 'aoi', password: 'wrong' })).code).toBe('SIGN_IN_REFUSED');
  });
});
