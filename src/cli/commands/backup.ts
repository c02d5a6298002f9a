import type { Command } from 'commander';
import { backUp } from '../../actions/workspace/backup.ts';
import type { Config } from '../../config/index.ts';
import { MitateError } from '../../errors/index.ts';
import { action } from '../cli.ts';
import { byteSize } from '../output/duration.ts';
import type { Output } from '../output/output.ts';
import { plural } from '../output/plural.ts';
import { byteProgress } from '../output/progress-view.ts';
import { safeText } from '../output/safe-text.ts';
import { readHidden } from '../read-hidden.ts';

export function registerBackup(program: Command): void {
  const command = program
    .command('backup [file]')
    .description('back up runs, models, artifacts and golden sets to a .tar.gz (default: dated, in the workspace)')
    .option('--with-photos', 'also the photos of requests that endpoints keep')
    .option('--encrypt', 'with a passphrase, from MITATE_BACKUP_PASSPHRASE, a prompt or standard input');
  type Flags = { withPhotos?: boolean; encrypt?: boolean };
  action(command, async ({ config, output }, file: string | undefined, { withPhotos, encrypt }: Flags) => {
    const passphrase = encrypt ? await newPassphrase(config) : undefined;
    const onProgress = byteProgress(output, config.terminal, 'backup');
    const made = await backUp(config, file, { onProgress, withPhotos, passphrase });
    output.json(made);
    const photos = made.photos === null ? '' : `${plural(made.photos, 'kept photo')}, `;
    output.line(
      `Wrote ${safeText(made.file)}: ${made.artifacts} artifacts, ${made.golden} golden photos, ${photos}${byteSize(made.sizeBytes)}.`,
    );
    printDamaged(output, made.damaged);
    output.line(`To restore it: mitate restore ${safeText(made.file)} --workspace <dir>`);
  });
}

/** Prints artifacts and golden photos that are missing from the backup, or differ from what was published. */
export function printDamaged(output: Output, damaged: readonly string[]): void {
  for (const path of damaged) output.note(`${output.style('yellow', 'damaged')} ${safeText(path)}`);
  if (damaged.length === 0) return;
  output.note(
    'These were missing or modified when the backup was made. Run their pipeline again to recreate artifacts.',
  );
}

async function newPassphrase({ backupPassphrase }: Config): Promise<string> {
  if (backupPassphrase !== null) return backupPassphrase;
  const first = await readHidden('Passphrase of the backup: ');
  if (!process.stdin.isTTY || first === (await readHidden('Again: '))) return first;
  throw new MitateError('BACKUP_PASSPHRASE_UNUSABLE', { reason: 'it was not repeated as it was given first' });
}
