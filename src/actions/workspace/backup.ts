import { join, resolve } from 'node:path';
import type { Config } from '../../config/index.ts';
import { type BackupOptions, type BackupSummary, backup } from '../../store/backup/backup.ts';
import { withStore } from '../with-store.ts';

/** Writes the workspace, without caches and logs, to one file; also during a run. Default: dated, in the workspace's `backups`. */
export async function backUp(config: Config, file?: string, options: BackupOptions = {}): Promise<BackupSummary> {
  return await withStore(config, { attach: true }, (store) =>
    backup(
      store,
      file === undefined ? join(store.workspace.backups, defaultName(new Date(), options)) : resolve(file),
      options,
    ),
  );
}

const defaultName = (now: Date, { passphrase }: BackupOptions) =>
  `mitate-${now.toISOString().slice(0, 19).replaceAll(':', '')}Z.tar.gz${passphrase === undefined ? '' : '.enc'}`;
