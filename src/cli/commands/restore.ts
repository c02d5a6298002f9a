import type { Command } from 'commander';
import { restoreBackup } from '../../actions/workspace/restore.ts';
import { action } from '../cli.ts';
import { safeText } from '../output/safe-text.ts';
import { printDamaged } from './backup.ts';

export function registerRestore(program: Command): void {
  const command = program
    .command('restore <file>')
    .description('put a backup into the workspace')
    .option('--force', 'replace what the workspace holds');
  action(command, async ({ config, output }, file: string, flags: { force?: boolean }) => {
    const restored = await restoreBackup(config, file, flags.force ?? false);
    output.json(restored);
    const what = restored.contents === 'database' ? 'the database' : 'everything';
    output.line(`Restored ${what} as of ${restored.createdAt} into ${safeText(config.workspace)}.`);
    printDamaged(output, restored.damaged);
  });
}
