import type { Command } from 'commander';
import { type Erased, eraseFromLog } from '../../actions/requests/erase.ts';
import { whoAmI } from '../../orchestrator/launcher/who.ts';
import { action } from '../cli.ts';
import { commandLogger } from '../command-logger.ts';
import type { Output } from '../output/output.ts';
import { safeText } from '../output/safe-text.ts';

interface Flags {
  image?: string;
  request?: string;
  why: string;
  file?: string[];
}

export function registerErase(log: Command): void {
  const command = log
    .command('erase')
    .description('take a photo or a request out of all that the workspace keeps; only a hash stays')
    .option('--image <photo>', 'a photo: its file, or the sha256 of its bytes')
    .option('--request <id>', 'a request, and its photo unless others sent the same')
    .requiredOption('--why <reason>', 'kept with the hash')
    .option('--file <parquet...>', 'exported Parquet files to rewrite too');
  action(command, async ({ config, output }, { file, ...flags }: Flags) => {
    const order = { ...flags, who: whoAmI(), ...(file && { files: file }) };
    const erased = await eraseFromLog(config, order, commandLogger(output));
    output.json(erased);
    printErased(output, erased);
  });
}

function printErased(output: Output, { rows, images, files, photos, embeddings, backups }: Erased): void {
  output.line(`${rows} logged requests and ${images.length} photos erased, ${embeddings} cached embeddings.`);
  for (const { path, rows } of files) output.line(`${path}: written anew without ${rows} rows`);
  for (const { replaced, trainedOn, filenames, copies } of photos) {
    for (const { type, from, to } of replaced) output.line(`${type} ${from}: deleted; ${to} took its place`);
    for (const { name, version } of trainedOn)
      output.line(
        `model ${name}@${version} was trained on it: its weights cannot be rewritten, retrain to be rid of it`,
      );
    for (const folder of copies) output.line(`copies of the model in ${folder} may hold it as a warm-up request`);
    for (const name of filenames)
      output.line(`the source still has ${safeText(name)}: later runs leave it out, but delete it there too`);
  }
  for (const path of backups) output.line(`${path} may still hold it`);
}
