import { randomBytes } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryFolder } from '../../../tests/support/temporary-folder.ts';
import { someone } from '../../../tests/support/tester.ts';
import { unaudited } from '../../../tests/support/unaudited.ts';
import { type OpenStore, openStore } from '../open-store.ts';
import type { SecretChanges } from './contract.ts';

const folder = temporaryFolder();
const keyFile = join(folder.path, 'secret.key');
const [ops, mail, value] = ['MITATE_CHANNEL_OPS', 'MITATE_CHANNEL_MAIL', 'a value — 秘密'];
let store: OpenStore;
let roses: OpenStore;

beforeAll(async () => {
  store = await openStore({ workspace: folder.path });
  await unaudited(store).access.createProject({ name: 'roses', description: '' });
  roses = store.forProject('roses');
  for (const each of [store, roses])
    await change(each, (secrets) => secrets.set(ops, `${value} of ${each.project}`, 'ann'));
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

const change = <T>(of: OpenStore, make: (secrets: SecretChanges) => Promise<T>) =>
  of.audited(({ secrets }) => make(secrets), { actor: someone('ann'), action: 'secret.set', subject: 'it' });
const keysInFile = () => readFileSync(keyFile, 'utf8').trim().split('\n');
const readAll = async () => await store.secrets.inProjects(ops);
const sealed = async () => (await store.connection.pool.query('select * from secrets order by project, name')).rows;

it('are sealed, each with a nonce of its own, with a key that only the owner can read', async () => {
  const before = await sealed();
  await change(store, (secrets) => secrets.set(ops, `${value} of default`, 'ann'));
  const after = await sealed();
  expect(JSON.stringify([before, after])).not.toContain('value');
  expect(after[0].sealed).not.toBe(before[0].sealed);
  expect(statSync(keyFile).mode & 0o777).toBe(0o600);
  expect(await readAll()).toEqual({ default: `${value} of default`, roses: `${value} of roses` });
  expect(await roses.secrets.values([ops, mail])).toEqual({ [ops]: `${value} of roses` });
  expect(await store.secrets.list()).toEqual([{ name: ops, setAt: expect.any(Date), who: 'ann' }]);
});

it.each([
  ['another name', `update secrets set name = '${mail}' where project = 'default'`, mail],
  ['another project', `update secrets set sealed = (select sealed from secrets where project = 'roses')`, ops],
  ['a cut value', `update secrets set sealed = left(sealed, 20)`, ops],
])('do not open under %s', async (_where, statement, name) => {
  const rows = await sealed();
  await store.connection.pool.query(statement);
  await expect(store.secrets.values([name])).rejects.toMatchObject({ code: 'SECRET_KEY_WRONG' });
  await store.connection.pool.query('delete from secrets');
  const text = JSON.stringify(rows);
  await store.connection.pool.query('insert into secrets select * from json_populate_recordset(null::secrets, $1)', [
    text,
  ]);
});

it('open after a change of the key that was killed before or after its commit', async () => {
  const expected = await readAll();
  const [first] = keysInFile();
  const killed = change(store, async (secrets) => {
    await secrets.rekey();
    throw new Error('killed');
  });
  await expect(killed).rejects.toThrow('killed');
  expect(keysInFile()).toHaveLength(2);
  expect(await readAll()).toEqual(expected);
  await change(store, (secrets) => secrets.rekey());
  expect(keysInFile()).toHaveLength(3);
  expect(await readAll()).toEqual(expected);
  await store.secrets.forgetOldKeys();
  expect(keysInFile()).toHaveLength(1);
  expect(keysInFile()).not.toContain(first);
  expect(await readAll()).toEqual(expected);
});

it('are sealed only with the key that opens the others', async () => {
  const key = readFileSync(keyFile);
  writeFileSync(keyFile, `${randomBytes(32).toString('base64')}\n`);
  await expect(change(store, (secrets) => secrets.set(mail, 'x', 'ann'))).rejects.toMatchObject({
    code: 'SECRET_KEY_WRONG',
  });
  await expect(change(store, (secrets) => secrets.rekey())).rejects.toMatchObject({ code: 'SECRET_KEY_WRONG' });
  writeFileSync(keyFile, 'no key');
  await expect(readAll()).rejects.toMatchObject({ code: 'SECRET_KEY_DAMAGED' });
  writeFileSync(keyFile, key);
});

it('move to the key of the environment and back', async () => {
  const expected = await readAll();
  await store[Symbol.asyncDispose]();
  const key = randomBytes(32);
  for (const [secretKeys, lines] of [
    [{ current: key, previous: null }, null],
    [{ current: null, previous: key }, 1],
  ] as const) {
    store = await openStore({ workspace: folder.path, secretKeys });
    // still with the key of the others
    await change(store, (secrets) => secrets.set(mail, value, 'ann'));
    await change(store, (secrets) => secrets.rekey());
    await store.secrets.forgetOldKeys();
    expect([await readAll(), await store.secrets.values([mail])]).toEqual([expected, { [mail]: value }]);
    if (lines === null) expect(() => keysInFile()).toThrow('ENOENT');
    else expect(keysInFile()).toHaveLength(lines);
    await change(store, (secrets) => secrets.remove(mail));
    await store[Symbol.asyncDispose]();
  }
  store = await openStore({ workspace: folder.path });
  expect(await readAll()).toEqual(expected);
});
