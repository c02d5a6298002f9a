import type { Command } from 'commander';
import { backUp } from '../../actions/workspace/backup.ts';
import { action } from '../cli.ts';
import { byteSize } from '../output/duration.ts';
import type { Output } from '../output/output.ts';
import { byteProgress } from '../output/progress-view.ts';
import { safeText } from '../output/safe-text.ts';

export function registerBackup(program: Command): void {
  const command = program
    .command('backup [file]')
    .description('back up runs, models, artifacts and golden sets to a .tar.gz (default: dated, in the workspace)');
  action(command, async ({ config, output }, file: string | undefined) => {
    const made = await backUp(config, file, byteProgress(output, config.terminal, 'backup'));
    output.json(made);
    output.line(
      `Wrote ${safeText(made.file)}: ${made.artifacts} artifacts, ${made.golden} golden photos, ${byteSize(made.sizeBytes)}.`,
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
