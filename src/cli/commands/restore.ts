import type { Command } from 'commander';
import { type RestoreSummary, restoreBackup } from '../../actions/workspace/restore.ts';
import { action } from '../cli.ts';
import type { Output } from '../output/output.ts';
import { byteProgress } from '../output/progress-view.ts';
import { safeText } from '../output/safe-text.ts';
import { readHidden } from '../read-hidden.ts';
import { printDamaged } from './backup.ts';

export function registerRestore(program: Command): void {
  const command = program
    .command('restore <file>')
    .description('restore a backup to the workspace; asks for the passphrase of an encrypted one, as "backup" does')
    .option('--force', 'replace the contents of the workspace')
    .option('--from-elsewhere', 'accept a backup of another workspace, without its API keys, users and secrets');
  type Flags = { force?: boolean; fromElsewhere?: boolean };
  action(command, async ({ config, output }, file: string, flags: Flags) => {
    const restored = await restoreBackup(config, file, {
      ...flags,
      passphrase: async () => config.backupPassphrase ?? (await readHidden('Passphrase of the backup: ')),
      onProgress: byteProgress(output, config.terminal, 'restore'),
    });
    output.json(restored);
    output.line(`Restored a backup of ${restored.createdAt} to ${safeText(config.workspace)}.`);
    printAbsent(output, restored);
    printDropped(output, restored.dropped);
    printDamaged(output, restored.damaged);
  });
}

/** What the workspace had that made the backup, and this one has not. */
function printAbsent(output: Output, { contents, photos, secrets }: RestoreSummary): void {
  const absent = [
    ...(contents === 'database' ? ['artifacts (artifacts/), golden photos (golden/)'] : []),
    ...(photos === null ? ['photos that endpoints keep (images/): "mitate backup --with-photos" takes them'] : []),
    'expired months of the request log (log/)',
  ];
  output.note(`Not in the backup: ${absent.join('; ')}. The old workspace has them.`);
  if (secrets.all === 0) return;
  const { all, closed } = secrets;
  output.note(
    closed === 0
      ? `Stored secrets: ${all}, which open with the key of this workspace.`
      : `Stored secrets: ${all}, of which ${closed} do not open: their key is in no backup. Copy secret.key from the old workspace, or set MITATE_SECRET_KEY.`,
  );
}

function printDropped(output: Output, dropped: RestoreSummary['dropped']): void {
  if (dropped === null) return;
  const { keys, users, secrets, channels, triggers } = dropped;
  output.note(
    `Left out, since the backup is of another workspace: ${keys} API keys, ${users} users, ${secrets} stored secrets, ${channels} channels. Turned off: ${triggers} triggers.`,
  );
  output.note(
    '"mitate key create", "mitate user create", "mitate secret set" and "mitate channel create" make new ones. Triggers and releases run code: look at them, then "mitate trigger enable" turns them on.',
  );
}
