import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { fileError } from '../workspace/file-error.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { writeArchive } from './archive-writer.ts';
import { sealed } from './authenticity.ts';
import { exportDatabase } from './export-database.ts';

/** Called inside the upgrade's transaction. Writes `backups/before-upgrade-from-<migrations>-<time>.tar.gz`, for `mitate restore`. */
export async function backUpBeforeUpgrade(
  client: pg.PoolClient,
  { dir, backups }: Workspace,
  count: number,
): Promise<void> {
  const createdAt = new Date().toISOString();
  const staging = await mkdtemp(join(backups, '.staging-'));
  try {
    const { entries, about } = await exportDatabase(client, staging);
    const file = join(backups, `before-upgrade-from-${count}-${createdAt.replace(/[:.]/g, '-')}.tar.gz`);
    const each = async function* () {
      yield* entries;
    };
    await writeArchive(file, each(), (files) =>
      sealed(dir, { format: 'mitate-backup/1', createdAt, contents: 'database', ...about, files, damaged: [] }),
    );
  } catch (error) {
    throw fileError(error, backups);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}
