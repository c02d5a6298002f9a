import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../tests/support/temporary-folder.ts';
import { tester } from '../../../tests/support/tester.ts';
import { unaudited } from '../../../tests/support/unaudited.ts';
import { sha256 } from '../../codecs/digest.ts';
import { type OpenStore, openStore } from '../../store/open-store.ts';
import { createKey, revokeKeys } from './key.ts';
import { hashPassword, verifyPassword } from './password.ts';
import { createProject } from './project.ts';
import { signIn } from './sign-in.ts';
import { createUser, disableUser, setPassword } from './user.ts';

const codes = { attempt: () => {}, succeeded: () => {} };
const folder = temporaryFolder();
const password = 'correct horse battery';
let store: OpenStore;
beforeAll(async () => {
  store = await openStore({ workspace: folder.path });
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

describe('passwords', () => {
  it('are hashed with a salt of their own, and verified whatever way é was typed', async () => {
    const stored = await hashPassword('café au lait, twice');
    expect(stored).toMatch(/^scrypt\$32768\$8\$3\$[\w+/=]{24}\$[\w+/=]{44}$/);
    expect(await hashPassword('café au lait, twice')).not.toBe(stored);
    expect(await verifyPassword('cafe\u0301 au lait, twice', stored)).toBe(true);
    expect(await verifyPassword('cafe au lait, twice', stored)).toBe(false);
  });

  it.each([['short'], ['x'.repeat(1025)]])('of a wrong length are refused', async (wrong) => {
    await expect(hashPassword(wrong)).rejects.toMatchObject({ code: 'USER_PASSWORD_WEAK' });
  });
});

it('checks a bounded number of passwords at a time (each takes 32 MB and a thread that the journal needs)', async () => {
  const cheap = `scrypt$1024$8$1$${'a'.repeat(24)}$${Buffer.alloc(32).toString('base64')}`;
  const checks = await Promise.allSettled(Array.from({ length: 60 }, () => verifyPassword(password, cheap)));
  const refused = checks.filter(({ status }) => status === 'rejected');
  expect(refused).toHaveLength(18);
  expect(refused[0]).toMatchObject({ reason: { code: 'SIGN_IN_BUSY' } });
  expect(await verifyPassword(password, cheap)).toBe(false);
});

describe('people', () => {
  it('sign in with their password; the database holds no token', async () => {
    await createUser(store, { name: 'mika', password, role: 'labeller' }, tester);
    const { token, user, expiresAt } = await signIn(store, { name: 'mika', password }, tester, { codes });
    expect(user).toMatchObject({ name: 'mika', roles: { default: 'labeller' } });
    expect(user).not.toHaveProperty('passwordHash');
    expect(expiresAt.getTime()).toBeGreaterThan(Date.now() + 3_600_000);
    expect(await store.access.findSession(token, new Date())).toBeNull();
    expect(await store.access.findSession(sha256(token), new Date())).toMatchObject({ of: { user: { name: 'mika' } } });
  });

  it('are refused alike when the name, the password or the person is wrong', async () => {
    await createUser(store, { name: 'kim', password }, tester);
    await setPassword(store, 'kim', 'another horse battery', tester);
    const right = { name: 'kim', password: 'another horse battery' };
    const refused = { code: 'SIGN_IN_REFUSED' };
    await expect(signIn(store, { name: 'kim', password }, tester, { codes })).rejects.toMatchObject(refused);
    await expect(signIn(store, { name: 'nobody', password }, tester, { codes })).rejects.toMatchObject(refused);
    await disableUser(store, 'kim', true, tester);
    await expect(signIn(store, right, tester, { codes })).rejects.toMatchObject(refused);
  });

  it('are not half added', async () => {
    const half = createUser(store.forProject('nowhere'), { name: 'lee', password, role: 'viewer' }, tester);
    await expect(half).rejects.toMatchObject({ code: 'PROJECT_UNKNOWN' });
    const unnamed = createUser(store, { name: 'Lee !', password }, tester);
    await expect(unnamed).rejects.toMatchObject({ code: 'ACCESS_NAME_INVALID' });
    expect(await store.access.findUser('lee')).toBeNull();
  });
});

describe('keys', () => {
  const about = { scope: 'predict' as const, expiresAt: null };

  it('are told once, and kept as the sha256 of their secret', async () => {
    const { key, info } = await createKey(store, { ...about, name: 'phone' }, tester);
    const [, id, secret] = /^mk_([a-z0-9]+)_([\w-]{43})$/.exec(key)!;
    expect(info).toMatchObject({ id, name: 'phone', scope: 'predict' });
    expect((await store.access.findKey(id!))?.hash).toBe(sha256(secret!));
    const past = createKey(store, { ...about, name: 'old', expiresAt: new Date(0) }, tester);
    await expect(past).rejects.toMatchObject({ code: 'KEY_EXPIRY_PAST' });
  });

  it('have a name of their own while they are active (neither of two keys "phone" could be revoked by name)', async () => {
    const one = await createKey(store, { ...about, name: 'ci' }, tester);
    const second = createKey(store, { ...about, name: 'ci' }, tester);
    await expect(second).rejects.toMatchObject({ code: 'KEY_NAME_TAKEN' });
    expect(await revokeKeys(store, 'ci', tester)).toMatchObject([{ id: one.info.id }]);
    const two = await createKey(store, { ...about, name: 'ci' }, tester);
    expect(await revokeKeys(store, two.info.id, tester)).toMatchObject([{ id: two.info.id }]);
  });

  it('of one name, made by an earlier version, are all revoked by it', async () => {
    const old = { ...about, project: store.project, name: 'phones', createdBy: 'lee', hash: 'h' };
    for (const id of ['old1', 'old2']) await unaudited(store).access.createKey({ ...old, id });
    const revoked = await revokeKeys(store, 'phones', tester);
    expect(revoked.map(({ id }) => id).sort()).toEqual(['old1', 'old2']);
    await expect(revokeKeys(store, 'phones', tester)).rejects.toMatchObject({ code: 'KEY_UNKNOWN' });
  });

  it('of another project are unknown', async () => {
    const one = await createKey(store, { ...about, name: 'here' }, tester);
    await createProject(store, { name: 'roses', description: '' }, tester);
    const elsewhere = revokeKeys(store.forProject('roses'), one.info.id, tester);
    await expect(elsewhere).rejects.toMatchObject({ code: 'KEY_UNKNOWN' });
  });
});
