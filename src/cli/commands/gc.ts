import { relative } from 'node:path';
import type { Command } from 'commander';
import { collect, type Garbage } from '../../actions/workspace/gc.ts';
import type { Config } from '../../config/index.ts';
import { action } from '../cli.ts';
import { wholeNumber } from '../options/parse-number.ts';
import { byteSize } from '../output/duration.ts';
import type { Output } from '../output/output.ts';
import { commandProgress } from '../output/progress-view.ts';

export function registerGc(program: Command): void {
  const command = program
    .command('gc')
    .description('list unreferenced artifacts, embeddings and logs; delete them with --yes')
    .option('--yes', 'delete them')
    .option('--keep-runs <n>', 'runs of each pipeline to keep, newest first', wholeNumber, 10);
  action(command, async ({ config, output }, flags: { yes?: boolean; keepRuns: number }) => {
    const garbage = await collect(config, {
      keepRuns: flags.keepRuns,
      yes: flags.yes ?? false,
      onChecked: commandProgress(output, config.terminal, { name: 'checking', unit: 'artifacts' }),
      onDeleted: commandProgress(output, config.terminal, { name: 'deleting', unit: 'folders' }),
    });
    output.json(garbage);
    printGarbage(output, config, garbage);
  });
}

function printGarbage(output: Output, config: Config, { artifacts, folders, embeddings, sizeBytes, deleted }: Garbage) {
  const inside = (path: string) => relative(config.workspace, path);
  const rows = [
    ...artifacts.map(({ type, uri, sizeBytes }) => [byteSize(sizeBytes), type, inside(uri)]),
    ...folders.map(({ why, path, sizeBytes }) => [byteSize(sizeBytes), why, inside(path)]),
  ];
  if (embeddings?.removed) rows.push([byteSize(embeddings.freedBytes), 'embeddings', `${embeddings.removed} cached`]);
  if (embeddings === null) output.note('A run is in progress: cached embeddings are kept.');
  if (rows.length === 0) return output.line('Nothing to delete.');
  output.table(['#SIZE', 'KIND', 'PATH'], rows);
  const total = byteSize(sizeBytes + (embeddings?.freedBytes ?? 0));
  output.line(deleted ? `Freed ${total}.` : `${total} can be freed. Run "mitate gc --yes" to delete all of it.`);
}
