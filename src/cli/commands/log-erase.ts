import type { Command } from 'commander';
import { eraseFromWorkspace, namedForErasure } from '../../actions/erasure/erase.ts';
import type { Erased } from '../../actions/erasure/erasure.ts';
import { action, exitCodes } from '../cli.ts';
import { commandLogger } from '../command-logger.ts';
import { withOldName } from '../options/old-name.ts';
import type { Output } from '../output/output.ts';
import { plural } from '../output/plural.ts';
import { safeText } from '../output/safe-text.ts';

interface Flags {
  photo?: string;
  request?: string;
  why: string;
  file?: string[];
  yes?: boolean;
}

export function registerErase(log: Command): void {
  const command = log
    .command('erase')
    .description('erase a photo or a request from everything the workspace stores; only a hash stays')
    .option('--photo <file>', 'photo to erase: its file, or the sha256 of its bytes')
    .option('--request <id>', 'request to erase, with its photo unless other requests share it')
    .requiredOption('--why <reason>', 'reason stored with the hash')
    .option('--file <parquet...>', 'exported Parquet files to rewrite too')
    .option('--yes', 'erase it; without this, only what would be erased is printed, and the exit code is 1');
  withOldName(command, '--image <file>', { now: 'photo' });
  action(command, async ({ config, output, by }, { file, yes, photo: image, request, why }: Flags) => {
    const named = { ...(image !== undefined && { image }), ...(request !== undefined && { request }) };
    if (!yes) return printPlan(output, await namedForErasure(config, named));
    const input = { ...named, why, actor: by.actor, ...(file && { files: file }) };
    const erased = await eraseFromWorkspace(config, input, commandLogger(output));
    output.json(erased);
    printErased(output, erased);
  });
}

/** As "gc" asks: nothing is erased, which a script must notice. */
function printPlan(output: Output, { requests, images }: Awaited<ReturnType<typeof namedForErasure>>): number {
  output.json({ erased: false, requests, images });
  output.line(
    `${plural(requests, 'logged request')} and ${plural(images.length, 'photo')} would be erased, with every copy in data sets, caches and models.`,
  );
  output.note('This cannot be undone. Run the command again with --yes to erase.');
  return exitCodes.failed;
}

function printErased(output: Output, { rows, images, files, photos, embeddings, backups }: Erased): void {
  output.line(
    `Erased ${plural(rows, 'logged request')}, ${plural(images.length, 'photo')}, ${plural(embeddings, 'cached embedding')}.`,
  );
  for (const { path, rows } of files) output.line(`${path}: rewritten without ${plural(rows, 'row')}`);
  for (const { replaced, trainedOn, filenames, copies } of photos) {
    for (const { type, from, to } of replaced) output.line(`${type} ${from}: deleted; replaced by ${to}`);
    for (const { name, version } of trainedOn)
      output.line(`model ${name}@${version} was trained on it: retrain to remove its influence on the weights`);
    for (const folder of copies) output.line(`copies of the model in ${folder} may contain it as a warm-up request`);
    for (const name of filenames)
      output.line(`the source still has ${safeText(name)}: later runs skip it, but delete it there too`);
  }
  for (const path of backups) output.line(`${path} may still contain it`);
}
