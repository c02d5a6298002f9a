import { resolve } from 'node:path';
import type { Config } from '../../config/index.ts';
import { type RestoreSummary, restore } from '../../store/backup/restore.ts';

/** Restores a backup into the workspace. `force`: replaces existing content. */
export async function restoreBackup(
  config: Config,
  file: string,
  { force, onProgress }: { force: boolean; onProgress?: (doneBytes: number, totalBytes: number) => void },
): Promise<RestoreSummary> {
  return await restore(resolve(file), {
    workspace: config.workspace,
    ...(config.databaseUrl !== null && { databaseUrl: config.databaseUrl }),
    force,
    onProgress,
  });
}
