import { relative } from 'node:path';
import type { Command } from 'commander';
import { collect, type Garbage } from '../../actions/workspace/gc.ts';
import type { Config } from '../../config/index.ts';
import { action } from '../cli.ts';
import { byteSize } from '../output/duration.ts';
import type { Output } from '../output/output.ts';
import { wholeNumber } from './run.ts';

export function registerGc(program: Command): void {
  const command = program
    .command('gc')
    .description('list what nothing points at any more: artifacts, embeddings, logs; --yes deletes it')
    .option('--yes', 'delete it')
    .option('--keep-runs <n>', 'newest runs of each pipeline that stay whole', wholeNumber, 10);
  action(command, async ({ config, output }, flags: { yes?: boolean; keepRuns: number }) => {
    const garbage = await collect(config, { keepRuns: flags.keepRuns, yes: flags.yes ?? false });
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
  if (embeddings === null) output.note('A run is going: cached embeddings are left alone.');
  if (rows.length === 0) return output.line('Nothing to delete.');
  output.table(['#SIZE', 'WHAT', 'WHERE'], rows);
  const total = byteSize(sizeBytes + (embeddings?.freedBytes ?? 0));
  output.line(deleted ? `Deleted: ${total} freed.` : `${total} could be freed; "mitate gc --yes" deletes all of it.`);
}
