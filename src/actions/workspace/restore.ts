import { resolve } from 'node:path';
import type { Config } from '../../config/index.ts';
import { type RestoreSummary, restore } from '../../store/backup/restore.ts';

export type { RestoreSummary };

/** Restores a backup into the workspace. `force`: replaces existing content. `fromElsewhere`: of another workspace, without its keys and users. */
export async function restoreBackup(
  config: Config,
  file: string,
  how: { force?: boolean; fromElsewhere?: boolean; onProgress?: (doneBytes: number, totalBytes: number) => void },
): Promise<RestoreSummary> {
  return await restore(resolve(file), {
    workspace: config.workspace,
    ...(config.databaseUrl !== null && { databaseUrl: config.databaseUrl }),
    ...how,
  });
}
