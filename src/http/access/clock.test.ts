import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ServedApp } from '../../../tests/support/served-app.ts';
import { tester } from '../../../tests/support/tester.ts';
import { unaudited } from '../../../tests/support/unaudited.ts';
import { createUser } from '../../actions/access/user.ts';
import { sha256 } from '../../codecs/digest.ts';

const password = 'correct horse battery';
const hour = 3_600_000;
let served: ServedApp;

beforeAll(async () => {
  served = await ServedApp.open([]);
  await createUser(served.served.store, { name: 'admin', password, role: 'admin' }, tester);
});
afterAll(async () => await served[Symbol.asyncDispose]());
afterEach(() => vi.useRealTimers());

/** Of this process and of what it writes; timers and durations go on as they were. */
const setClock = (byMs: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + byMs });

const ask = (given: string) =>
  served.app.inject({ method: 'POST', url: '/api/v1/sessions', payload: { name: 'admin', password: given } });

async function signIn(): Promise<string> {
  const answer = await ask(password);
  expect(answer.statusCode).toBe(201);
  return answer.json().token;
}

/** `ok`, or the code of the error. */
async function me(secret: string): Promise<string> {
  const answer = await served.app.inject({ url: '/api/v1/me', headers: { authorization: `Bearer ${secret}` } });
  return answer.json().error?.code ?? 'ok';
}

describe('a clock that is set', () => {
  it('back by an hour keeps no session that was ended elsewhere (an admin session lived 3,500 s more)', async () => {
    const token = await signIn();
    expect(await me(token)).toBe('ok');
    await unaudited(served.served.store).access.endSession(sha256(token));
    setClock(-hour);
    await expect.poll(() => me(token), { timeout: 10_000 }).toBe('SESSION_ENDED');
  });

  it('back, after a session or key has expired, does not bring it back, nor in the next server', async () => {
    const token = await signIn();
    const key = await served.makeKey('predict', new Date(Date.now() + 10 * hour));
    for (const secret of [token, key]) expect(await me(secret)).toBe('ok');
    for (const byMs of [13 * hour, -13 * hour]) {
      setClock(byMs);
      expect(await me(token)).toBe('SESSION_ENDED');
      expect(await me(key)).toBe('ACCESS_KEY_EXPIRED');
    }
    expect(await served.served.store.access.findSession(sha256(token), new Date())).toBeNull();
    // who signs in now has a whole session
    expect(await me(await signIn())).toBe('ok');
  });

  it('back by an hour gives every minute its sign-ins (they were refused for an hour)', async () => {
    const refused = async () => (await ask('wrong')).headers['retry-after'];
    while ((await refused()) === undefined);
    setClock(-hour);
    expect(Number(await refused())).toBeLessThanOrEqual(60);
  });
});
