import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenStore, openStore } from '../../src/store/open-store.ts';
import type { LockOwner } from '../../src/store/workspace/lock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const workspace = join(folder.path, 'workspace');
let owner: OpenStore;
let attached: OpenStore;

const databasePid = () => (JSON.parse(readFileSync(join(workspace, 'lock'), 'utf8')) as LockOwner).database!.pid;
/** The query that is open when the process ends fails; the next one waits for the new process. */
const again = async ({ connection: { pool } }: OpenStore, text: string) =>
  (await pool.query(text).catch(() => pool.query(text))).rows;
const kill = () => process.kill(databasePid(), 'SIGKILL');

beforeAll(async () => {
  owner = await openStore({ workspace, serves: true });
  attached = await openStore({ workspace, attach: 'server' });
});
afterAll(async () => {
  await attached[Symbol.asyncDispose]();
  await owner[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

describe('the embedded database, killed', () => {
  it('is started again, and owner and attached commands go on (every query failed for ever)', async () => {
    for (let round = 0; round < 3; round++) {
      await owner.connection.pool.query(`create table if not exists kept as select ${round} as n`);
      kill();
      for (const store of [owner, attached]) expect(await again(store, 'select n from kept')).toEqual([{ n: 0 }]);
    }
  });

  it('fails the transaction that it was in, whole, and not the process', async () => {
    const inside = owner.connection.database.transaction(async (tx) => {
      await tx.execute('create table half ()');
      kill();
      // no query is open when the connection breaks
      await new Promise((resolve) => setTimeout(resolve, 200));
      await tx.execute('create table whole ()');
    });
    await expect(inside).rejects.toThrow();
    const { rows } = await attached.connection.pool.query(`select to_regclass('half') as half`);
    expect(rows).toEqual([{ half: null }]);
  });
});
