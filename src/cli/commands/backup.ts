import type { Command } from 'commander';
import { backUp } from '../../actions/workspace/backup.ts';
import { action } from '../cli.ts';
import { byteSize } from '../output/duration.ts';
import type { Output } from '../output/output.ts';
import { safeText } from '../output/safe-text.ts';

export function registerBackup(program: Command): void {
  const command = program
    .command('backup [file]')
    .description('write runs, models, artifacts and golden sets into one .tar.gz (default: dated, in the workspace)');
  action(command, async ({ config, output }, file: string | undefined) => {
    const made = await backUp(config, file);
    output.json(made);
    output.line(
      `Wrote ${safeText(made.file)}: ${made.artifacts} artifacts, ${made.golden} golden photos, ${byteSize(made.sizeBytes)}.`,
    );
    printDamaged(output, made.damaged);
    output.line(`Restore it with: mitate restore ${safeText(made.file)} --workspace <dir>`);
  });
}

/** Artifacts and golden photos that a backup holds not as they were published, or not at all. */
export function printDamaged(output: Output, damaged: readonly string[]): void {
  for (const path of damaged) output.note(`${output.style('yellow', 'damaged')} ${safeText(path)}`);
  if (damaged.length === 0) return;
  output.note(
    'These were gone or had changed when the backup was made; running their pipeline again makes artifacts anew.',
  );
}
