import type { Command } from 'commander';
import { listGolden, removeGolden, showGolden } from '../../actions/datasets/golden.ts';
import { addGolden } from '../../actions/datasets/golden-add.ts';
import { action } from '../cli.ts';
import { withOldName } from '../options/old-name.ts';
import { wholeNumber } from '../options/parse-number.ts';
import { moment } from '../output/moment.ts';
import { plural } from '../output/plural.ts';

export function registerGolden(program: Command): void {
  const golden = program
    .command('golden')
    .description(
      'manage golden sets, photos that are never trained on and that every model is evaluated on: add, list, show, remove',
    );
  registerAdd(golden);
  registerList(golden);
  registerShow(golden);
  registerRemove(golden);
}

interface AddFlags {
  images?: string;
  endpoint?: string;
  request?: string[];
  minConfirmations?: number;
}

function registerAdd(golden: Command): void {
  const command = golden
    .command('add <set>')
    .description(
      'add photos from a folder or from labelled requests; they and their near duplicates are excluded from training',
    )
    .option('--images <source>', 'labelled photos: folder per label, ZIP or manifest')
    .option('--endpoint <name>', 'endpoint whose labelled requests to add')
    .option('--request <id...>', 'only these requests')
    .option('--min-confirmations <n>', 'labellers that must agree', wholeNumber);
  withOldName(command, '--from <source>', { now: 'images' });
  action(command, async ({ inStore, output, signal, by }, set: string, flags: AddFlags) => {
    const { images: from, request: requests, endpoint, minConfirmations } = flags;
    const input = { from, endpoint, minConfirmations, set, requests, actor: by.actor, signal };
    const made = await inStore((store) => addGolden(store, input));
    output.json(made);
    const { added, known, rejected, leftOut } = made;
    output.line(
      `Added ${plural(added.length, 'photo')} to golden set ${set}${known > 0 ? `; ${known} already in it` : ''}.`,
    );
    for (const { filename, message } of rejected) output.line(`  ${filename}: ${message}`);
    const left = Object.entries(leftOut).map(([reason, count]) => `${count} ${reason}`);
    if (left.length > 0) output.note(`Left out: ${left.join(', ')}.`);
  });
}

function registerList(golden: Command): void {
  action(golden.command('list').description('list golden sets'), async ({ inStore, output }) => {
    const sets = await inStore(listGolden);
    output.list(
      sets,
      'No golden sets yet. Create one with "mitate golden add <set> --images <folder>".',
      ({ set, photos, labels, since, folder }) => ({
        SET: set,
        '#PHOTOS': String(photos),
        LABELS: Object.entries(labels)
          .map(([label, count]) => `${label} ${count}`)
          .join(', '),
        CREATED: moment(since),
        FOLDER: folder,
      }),
    );
  });
}

function registerShow(golden: Command): void {
  const command = golden.command('show <set>').description('list photos of a golden set');
  action(command, async ({ inStore, output }, set: string) => {
    const shown = await inStore((store) => showGolden(store, set));
    output.json({ ...shown.set, photos: shown.photos.map(({ thumbnail: _, ...photo }) => photo) });
    output.table(
      ['LABEL', 'SHA256', 'REQUEST', 'ADDED', 'BY'],
      shown.photos.map(({ label, sha256, request, addedAt, who }) => [label, sha256, request, moment(addedAt), who]),
    );
  });
}

function registerRemove(golden: Command): void {
  const command = golden
    .command('remove <set> [sha256]')
    .description('remove a golden set, or one photo of it; removed photos may be used for training again');
  action(command, async ({ inStore, output, by }, set: string, sha256: string | undefined) => {
    const removed = await inStore((store) => removeGolden(store, { set, sha256 }, by.actor));
    output.json(removed.map(({ thumbnail: _, ...photo }) => photo));
    output.line(`Removed ${plural(removed.length, 'photo')} from golden set ${set}.`);
  });
}
