import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyTree } from '../../src/store/artifacts/copy-tree.ts';
import { localArtifacts } from '../../src/store/artifacts/fs.ts';
import { backup } from '../../src/store/backup/backup.ts';
import { openStore } from '../../src/store/open-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
/** A disk of 80 MB, 40 of which a new database takes. */
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=80m', 'none', folder.path]).status === 0;
const workspace = join(folder.path, 'workspace');
const filler = join(folder.path, 'filler');
const run = (id: string) => ({
  id,
  pipeline: 'leaf',
  parameters: {},
  seed: 1,
  definitionDigest: 'd',
  source: null,
  gitCommit: null,
  who: 'ann',
  pid: process.pid,
  trigger: 'demand',
  startedAt: new Date(),
});

/** Writes until nothing more fits. */
function fillDisk(): void {
  for (const size of [1 << 20, 1 << 12, 1])
    try {
      for (;;) writeFileSync(filler, Buffer.alloc(size), { flag: 'a' });
    } catch {
      // full at this size
    }
}

describe.skipIf(!mounted)('a full disk', () => {
  beforeAll(async () => {
    await using store = await openStore({ workspace });
    await store.createRun(run('before'));
    await store.finishRun('before', 'succeeded', null);
  });
  afterAll(() => {
    spawnSync('umount', ['-l', folder.path]);
    folder[Symbol.dispose]();
  });

  it('is said as such for artifacts, backups and rows, and what was stored stays', async () => {
    {
      await using store = await openStore({ workspace });
      const artifacts = localArtifacts(store.workspace.artifacts);
      const place = { pipeline: 'leaf', step: 'train', key: 'model', executionId: randomUUID() };
      writeFileSync(join(await artifacts.stage(place), 'model.onnx'), Buffer.alloc(1 << 20));
      const { uri, digest } = await artifacts.publish(place);
      fillDisk();
      const served = join(folder.path, 'served', '1');
      await expect(copyTree(uri, served, digest)).rejects.toMatchObject({ code: 'DISK_FULL' });
      expect(existsSync(served)).toBe(false);
      await expect(backup(store, join(folder.path, 'backup.tar.gz'))).rejects.toMatchObject({ code: 'DISK_FULL' });
      const rows = async () => {
        for (;;)
          await store.createRun({ ...run(randomUUID()), parameters: { big: 'x'.repeat(100_000) + Math.random() } });
      };
      await expect(rows()).rejects.toMatchObject({ code: 'DISK_FULL' });
    }
    rmSync(filler);
    await using store = await openStore({ workspace });
    expect((await store.getRun('before'))?.state).toBe('succeeded');
    await store.createRun(run('after'));
  });

  it('refuses to make a workspace, and a later try succeeds', async () => {
    const other = join(folder.path, 'other');
    fillDisk();
    await expect(openStore({ workspace: other })).rejects.toMatchObject({ code: 'DISK_FULL' });
    rmSync(filler);
    rmSync(workspace, { recursive: true });
    await using store = await openStore({ workspace: other });
    await store.createRun(run('one'));
  });
});
