import type { Command } from 'commander';
import { type RestoreSummary, restoreBackup } from '../../actions/workspace/restore.ts';
import { action } from '../cli.ts';
import type { Output } from '../output/output.ts';
import { byteProgress } from '../output/progress-view.ts';
import { safeText } from '../output/safe-text.ts';
import { printDamaged } from './backup.ts';

export function registerRestore(program: Command): void {
  const command = program
    .command('restore <file>')
    .description('restore a backup to the workspace')
    .option('--force', 'replace the contents of the workspace')
    .option('--from-elsewhere', 'accept a backup of another workspace, without its API keys and users');
  type Flags = { force?: boolean; fromElsewhere?: boolean };
  action(command, async ({ config, output }, file: string, flags: Flags) => {
    const restored = await restoreBackup(config, file, {
      ...flags,
      onProgress: byteProgress(output, config.terminal, 'restore'),
    });
    output.json(restored);
    const what = restored.contents === 'database' ? 'the database' : 'everything';
    output.line(`Restored ${what} as of ${restored.createdAt} to ${safeText(config.workspace)}.`);
    output.note('Backups do not contain the photos kept by endpoints: images/ of the old workspace has them.');
    printDropped(output, restored.dropped);
    printDamaged(output, restored.damaged);
  });
}

function printDropped(output: Output, dropped: RestoreSummary['dropped']): void {
  if (dropped === null) return;
  output.note(`Left out, since the backup is of another workspace: ${dropped.keys} API keys, ${dropped.users} users.`);
  output.note(
    '"mitate key create" and "mitate user create" make new ones. Releases and triggers in it run code: look at them first.',
  );
}
