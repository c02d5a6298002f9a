import { resolve } from 'node:path';
import type { Config } from '../../config/index.ts';
import { type RestoreOptions, type RestoreSummary, restore } from '../../store/backup/restore.ts';

export type { RestoreSummary };

/** Restores a backup into the workspace. `force`: replaces existing content. `fromElsewhere`: of another workspace, without its keys, users and secrets. */
export async function restoreBackup(
  config: Config,
  file: string,
  how: Pick<RestoreOptions, 'force' | 'fromElsewhere' | 'passphrase' | 'onProgress'>,
): Promise<RestoreSummary> {
  return await restore(resolve(file), {
    workspace: config.workspace,
    secretKeys: config.secretKeys,
    ...(config.databaseUrl !== null && { databaseUrl: config.databaseUrl }),
    ...how,
  });
}
