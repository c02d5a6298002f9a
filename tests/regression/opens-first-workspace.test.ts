import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { localArtifacts } from '../../src/store/artifacts/fs.ts';
import { readArchive } from '../../src/store/backup/archive-reader.ts';
import { restore } from '../../src/store/backup/restore.ts';
import { appliedMigrations, knownMigrations } from '../../src/store/database/migrate.ts';
import { type OpenStore, openStore } from '../../src/store/open-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const workspace = join(folder.path, 'old');

beforeAll(() => {
  mkdirSync(workspace);
  const packed = readFileSync(new URL('./workspaces/0.1.0-first.tar.br', import.meta.url));
  const { status, stderr } = spawnSync('tar', ['-xf', '-', '-C', workspace], { input: brotliDecompressSync(packed) });
  if (status !== 0) throw new Error(String(stderr));
});
afterAll(() => folder[Symbol.dispose]());

async function checkContent(store: OpenStore): Promise<void> {
  expect((await store.listRuns()).map(({ id, state }) => ({ id, state }))).toEqual([
    { id: 'run-2', state: 'failed' },
    { id: 'run-1', state: 'succeeded' },
  ]);
  expect(await store.findVersion('leaf-health')).toMatchObject({ version: 2, metrics: { auc: 0.99 } });
  expect(await store.aliasAt('leaf-health', 'champion', new Date('2026-11-23T00:00:06Z'))).toBe(1);
  expect(await store.listDeployments('leaf-health')).toMatchObject([{ version: 2, traffic: 100 }]);
  expect((await store.findCached('key-1'))?.outputs[0]?.properties).toEqual({ labels: 19 });
}

it('opens a workspace of the first version, whose database is backed up and migrated', async () => {
  {
    await using store = await openStore({ workspace });
    expect((await appliedMigrations(store.connection.pool)).count).toBe(knownMigrations().length);
    await checkContent(store);
    const artifacts = localArtifacts(store.workspace.artifacts);
    for (const { uri, digest } of await store.listArtifacts()) await artifacts.verify(uri, digest);
  }
  const [name, ...more] = readdirSync(join(workspace, 'backups'));
  expect(more).toEqual([]);
  const backup = join(workspace, 'backups', name!);
  expect(
    await readArchive(backup, async (_, content) => {
      for await (const _ of content);
    }),
  ).toMatchObject({
    contents: 'database',
    migrations: 1,
  });
  await restore(backup, { workspace, force: true });
  await using store = await openStore({ workspace });
  await checkContent(store);
});

it('refuses the workspace of a newer version, until its own backup is restored over it', async () => {
  {
    await using store = await openStore({ workspace });
    await store.connection.pool.query(
      'insert into drizzle.__drizzle_migrations (hash, created_at) select hash, created_at + 1 from drizzle.__drizzle_migrations',
    );
  }
  await expect(openStore({ workspace })).rejects.toMatchObject({ code: 'WORKSPACE_NEWER' });
  const [name] = readdirSync(join(workspace, 'backups'));
  const backup = join(workspace, 'backups', name!);
  await expect(restore(backup, { workspace })).rejects.toMatchObject({ code: 'WORKSPACE_NEWER' });
  await restore(backup, { workspace, force: true });
  expect(readdirSync(workspace).filter((each) => each.startsWith('db.newer-'))).toHaveLength(1);
  await using store = await openStore({ workspace });
  await checkContent(store);
});
