import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Browser, clients, IdentityProvider } from '../../../tests/support/identity-provider.ts';
import { ServedApp } from '../../../tests/support/served-app.ts';
import { tester } from '../../../tests/support/tester.ts';
import { unaudited } from '../../../tests/support/unaudited.ts';
import { createUser, disableUser, setPassword } from '../../actions/access/user.ts';

const callback = '/api/v1/sessions/oidc/callback';
let served: ServedApp;
/** As a public client, at the same provider. */
let open: ServedApp;
let provider: IdentityProvider;
/** A port each, which are known before the servers and the provider start. */
let publicUrl: string;

beforeAll(async () => {
  const port = await freePort();
  publicUrl = `http://localhost:${port}`;
  provider = await IdentityProvider.open(() => `${publicUrl}${callback}`);
  const env = {
    MITATE_OIDC_ISSUER: provider.issuer,
    MITATE_OIDC_ROLES: 'ops=default:admin,growers=default:viewer,growers=roses:labeller,ghosts=nowhere:admin',
    MITATE_PUBLIC_URL: publicUrl,
    MITATE_TRUST_PROXY: 'loopback',
  };
  const { confidential } = clients;
  const secret = { MITATE_OIDC_CLIENT_ID: confidential.id, MITATE_OIDC_CLIENT_SECRET: confidential.secret };
  served = await ServedApp.open([], { env: { ...env, ...secret } });
  open = await ServedApp.open([], { env: { ...env, MITATE_OIDC_CLIENT_ID: clients.public.id } });
  for (const {
    served: { store },
  } of [served, open])
    await unaudited(store).access.createProject({ name: 'roses', description: '' });
}, 120_000);
afterAll(async () => {
  await provider[Symbol.asyncDispose]();
  await served[Symbol.asyncDispose]();
  await open[Symbol.asyncDispose]();
});
beforeEach(() => {
  provider.account = { sub: 'u-1', name: 'Mika@Leaf.example', groups: ['growers'] };
  provider.claimsInToken = false;
  provider.tamper = null;
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

/** The browser comes to the server under its real address; the provider sends it to the public one. */
const here = (url: string, app = served) => url.replace(publicUrl, app.url);

/** @returns the address at which the provider sends the browser back */
async function atProvider(browser: Browser, { app = served, query = '', change = (url: string) => url } = {}) {
  const begun = await browser.get(`${app.url}/api/v1/sessions/oidc${query}`);
  expect(begun.status, begun.body).toBe(303);
  return here(await browser.until(change(begun.location!), publicUrl), app);
}

async function signIn(options: Parameters<typeof atProvider>[1] = {}, browser = new Browser()) {
  const back = await atProvider(browser, options);
  const answer = await browser.get(back);
  const code = answer.status === 303 ? null : JSON.parse(answer.body).error;
  return { browser, back, ...answer, code: code?.code as string | undefined, message: code?.message as string };
}

const me = async (browser: Browser, project = 'default', app = served) => {
  const headers = { cookie: browser.cookie('mitate_session') ?? '', 'x-mitate-project': project };
  const answer = await app.app.inject({ method: 'GET', url: '/api/v1/me', headers });
  return { status: answer.statusCode, ...answer.json() };
};

const audit = async (action: string) =>
  (await served.served.store.access.listAudit({ limit: 500 })).filter((row) => row.action === action);

describe('sign-in at an identity provider', () => {
  it('gives a session with the roles of the groups, through code and PKCE', async () => {
    const { browser, status, location, setCookie } = await signIn({ query: '?returnTo=/app%3Fa=b' });
    expect([status, location]).toEqual([303, `${publicUrl}/app?a=b`]);
    expect(setCookie.find((each) => each.startsWith('mitate_session='))).toMatch(/HttpOnly; SameSite=Strict/);
    const mine = await me(browser);
    expect(mine).toMatchObject({ kind: 'user', permissions: ['read'] });
    expect(mine.who).toMatch(/^user:mika-[0-9a-f]{12}$/);
    expect((await me(browser, 'roses')).permissions).toEqual(['read', 'label']);
    const [row] = await audit('session.create');
    expect(row).toMatchObject({ who: mine.who, details: { how: 'provider' }, address: browser.address, door: 'http' });
    const url = new URL((await browser.get(`${served.url}/api/v1/sessions/oidc`)).location!);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      redirect_uri: `${publicUrl}${callback}`,
      scope: 'openid profile groups',
    });
  });

  it('works for public clients, and with the claims in the ID token', async () => {
    provider.claimsInToken = true;
    const { browser, status } = await signIn({ app: open });
    expect(status).toBe(303);
    expect((await me(browser, 'default', open)).permissions).toEqual(['read']);
  });

  it('makes one user per identity, and nobody else: not of the same name here, not of the same name there', async () => {
    await createUser(served.served.store, { name: 'mika', password: 'correct horse battery', role: 'admin' }, tester);
    const first = await me((await signIn()).browser);
    const again = await me((await signIn()).browser);
    provider.account = { sub: 'u-2', name: 'mika', groups: ['growers'] };
    const other = await me((await signIn()).browser);
    expect(again.who).toBe(first.who);
    expect(new Set(['user:mika', first.who, other.who]).size).toBe(3);
    expect((await served.served.store.access.findUser('mika'))?.roles).toEqual({ default: 'admin' });
  });

  it('makes a server admin only where the map says so', async () => {
    provider.account = { sub: 'u-ops', name: 'admin', groups: ['ops', 'growers', 'default:admin'] };
    const { browser } = await signIn();
    // the first entry of the map that fits
    expect((await me(browser)).permissions).toContain('admin');
    expect((await me(browser, 'roses')).permissions).toEqual(['read', 'label']);
    expect((await me(browser, 'nowhere')).error.code).toBe('ACCESS_NO_ROLE');
  });

  it('takes away roles whose groups are gone, and the sessions with them', async () => {
    provider.account = { sub: 'u-3', name: 'lee', groups: ['ops'] };
    const { browser: old } = await signIn();
    expect((await me(old)).permissions).toContain('admin');
    provider.account = { sub: 'u-3', name: 'lee', groups: ['growers'] };
    const { browser: fresh } = await signIn();
    expect((await me(fresh)).permissions).toEqual(['read']);
    await expect.poll(async () => (await me(old)).error?.code, { timeout: 5_000 }).toBe('SESSION_ENDED');
    provider.account = { sub: 'u-3', name: 'lee', groups: ['ghosts'] };
    expect(await signIn()).toMatchObject({ status: 403, code: 'OIDC_NO_ROLE' });
    await expect.poll(async () => (await me(fresh)).error?.code, { timeout: 5_000 }).toBe('SESSION_ENDED');
    expect((await audit('user.role'))[0]).toMatchObject({
      details: { roles: {}, before: { default: 'viewer', roses: 'labeller' } },
    });
  });

  it('makes no user without a role', async () => {
    provider.account = { sub: 'u-none', name: 'none', groups: [] };
    const before = (await served.served.store.access.listUsers()).length;
    expect(await signIn()).toMatchObject({ status: 403, code: 'OIDC_NO_ROLE' });
    expect(await served.served.store.access.listUsers()).toHaveLength(before);
  });

  it('refuses whoever is disabled here, and gives users of the provider no password', async () => {
    provider.account = { sub: 'u-4', name: 'noor', groups: ['growers'] };
    const name = (await me((await signIn()).browser)).who.slice('user:'.length);
    const password = setPassword(served.served.store, name, 'correct horse battery', tester);
    await expect(password).rejects.toMatchObject({ code: 'USER_OF_PROVIDER' });
    const empty = await served.app.inject({ method: 'POST', url: '/api/v1/sessions', payload: { name, password: '' } });
    expect(empty.json().error.code).toBe('SIGN_IN_REFUSED');
    await disableUser(served.served.store, name, true, tester);
    const { browser, code } = await signIn();
    expect(code).toBe('OIDC_DISABLED');
    expect(browser.cookie('mitate_session')).toBeUndefined();
    expect((await audit('session.refuse'))[0]).toMatchObject({ subject: name, details: { error: 'OIDC_DISABLED' } });
  });
});

describe('a sign-in that was tampered with', () => {
  const refused = async (answer: ReturnType<typeof signIn>, status: number, code: string) => {
    const { browser, ...rest } = await answer;
    expect(rest).toMatchObject({ status, code });
    expect(browser.cookie('mitate_session')).toBeUndefined();
    return rest.message;
  };

  it('is refused with another state, and then over', async () => {
    const browser = new Browser();
    const back = await atProvider(browser);
    const other = new URL(back);
    other.searchParams.set('state', 'x'.repeat(43));
    expect(JSON.parse((await browser.get(other.href)).body).error.code).toBe('OIDC_REFUSED');
    expect(JSON.parse((await browser.get(back)).body).error.code).toBe('OIDC_NOT_BEGUN');
    expect(browser.cookie('mitate_session')).toBeUndefined();
  });

  it('is refused in a browser that did not begin it', async () => {
    const back = await atProvider(new Browser());
    const stranger = new Browser();
    expect(JSON.parse((await stranger.get(back)).body).error.code).toBe('OIDC_NOT_BEGUN');
    await stranger.get(`${served.url}/api/v1/sessions/oidc`);
    expect(JSON.parse((await stranger.get(back)).body).error.code).toBe('OIDC_REFUSED');
  });

  it('is refused when callback or code are used again', async () => {
    const { browser, back } = await signIn();
    expect(JSON.parse((await browser.get(back)).body).error.code).toBe('OIDC_NOT_BEGUN');
    const second = new Browser();
    const next = new URL(await atProvider(second));
    next.searchParams.set('code', new URL(back).searchParams.get('code')!);
    const answer = JSON.parse((await second.get(next.href)).body).error;
    expect(answer).toMatchObject({ code: 'OIDC_REFUSED', message: expect.stringContaining('invalid_grant') });
  });

  it('is refused with a nonce that was changed on the way', async () => {
    const change = (url: string) => {
      const changed = new URL(url);
      changed.searchParams.set('nonce', 'another');
      return changed.href;
    };
    expect(await refused(signIn({ change }), 401, 'OIDC_REFUSED')).toMatch(/nonce/);
  });

  const ago = Math.floor(Date.now() / 1000) - 3_600;
  it.each([
    ['expired token', { claims: (all: object) => ({ ...all, iat: ago - 60, exp: ago }) }, /exp/],
    ['token of another audience', { claims: (all: object) => ({ ...all, aud: 'other' }) }, /aud/],
    ['token of another issuer', { claims: (all: object) => ({ ...all, iss: 'https://evil.example' }) }, /iss/],
    ['token signed by another', { key: 'another' as const }, /signature/],
  ])('is refused: %s', async (_what, tamper, why) => {
    provider.tamper = tamper;
    expect(await refused(signIn(), 401, 'OIDC_REFUSED')).toMatch(why);
  });

  it('accepts a clock that is 20 s off', async () => {
    const now = Math.floor(Date.now() / 1000);
    provider.tamper = { claims: (all) => ({ ...all, iat: now - 80, exp: now - 20 }) };
    expect((await signIn()).status).toBe(303);
  });

  it('is refused when the person refuses, saying so', async () => {
    provider.account = null;
    expect(await refused(signIn(), 401, 'OIDC_REFUSED')).toMatch(/access_denied/);
  });

  it.each([
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    'app',
  ])('leads to no other site: %s', async (returnTo) => {
    const answer = await new Browser().get(
      `${served.url}/api/v1/sessions/oidc?returnTo=${encodeURIComponent(returnTo)}`,
    );
    expect(answer.status).toBe(400);
  });
});

describe('what fails', () => {
  it('is audited, in one row for an address, name and minute', async () => {
    const post = () =>
      served.app.inject({ method: 'POST', url: '/api/v1/sessions', payload: { name: 'guess', password: 'wrong' } });
    for (let i = 0; i < 3; i++) await post();
    const rows = (await audit('session.refuse')).filter(({ subject }) => subject === 'guess');
    // a minute may end between two
    const counts = rows.map(({ details }) => Number(details.count));
    expect(counts.reduce((a, b) => a + b)).toBe(3);
    expect(rows.length).toBeLessThan(3);
    expect(rows[0]).toMatchObject({ who: 'anonymous', address: '127.0.0.1', details: { error: 'SIGN_IN_REFUSED' } });
  });

  it('is told: no provider here, provider away', async () => {
    await using without = await ServedApp.open([]);
    const off = await without.ask('GET', '/api/v1/sessions/oidc');
    expect([off.statusCode, off.json().error.code]).toEqual([404, 'OIDC_OFF']);
    await using away = await ServedApp.open([], {
      env: {
        MITATE_OIDC_ISSUER: `http://127.0.0.1:${await freePort()}`,
        MITATE_OIDC_CLIENT_ID: 'mitate',
        MITATE_OIDC_ROLES: 'ops=default:admin',
        MITATE_PUBLIC_URL: publicUrl,
      },
    });
    const answer = await new Browser().get(`${away.url}/api/v1/sessions/oidc`);
    expect([answer.status, JSON.parse(answer.body).error.code]).toEqual([502, 'OIDC_UNREACHABLE']);
  });
});
