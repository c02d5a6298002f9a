import type { Command } from 'commander';
import { restoreBackup } from '../../actions/workspace/restore.ts';
import { action } from '../cli.ts';
import { byteProgress } from '../output/progress-view.ts';
import { safeText } from '../output/safe-text.ts';
import { printDamaged } from './backup.ts';

export function registerRestore(program: Command): void {
  const command = program
    .command('restore <file>')
    .description('restore a backup to the workspace')
    .option('--force', 'replace the contents of the workspace');
  action(command, async ({ config, output }, file: string, flags: { force?: boolean }) => {
    const restored = await restoreBackup(config, file, {
      force: flags.force ?? false,
      onProgress: byteProgress(output, config.terminal, 'restore'),
    });
    output.json(restored);
    const what = restored.contents === 'database' ? 'the database' : 'everything';
    output.line(`Restored ${what} as of ${restored.createdAt} to ${safeText(config.workspace)}.`);
    output.note('Backups do not contain the photos kept by endpoints: images/ of the old workspace has them.');
    printDamaged(output, restored.damaged);
  });
}
