import type { Command } from 'commander';
import { diffData } from '../../actions/datasets/diff.ts';
import { percent } from '../../codecs/percent.ts';
import type { DataDiff } from '../../contracts/api/data-diff.ts';
import { action } from '../cli.ts';
import { wholeNumber } from '../options/parse-number.ts';
import type { Output } from '../output/output.ts';
import { plural } from '../output/plural.ts';

export function registerDiff(data: Command): void {
  const command = data
    .command('diff <from> <to>')
    .description('compare two data sets or spans (name, name@span, or artifact id prefix)')
    .option('--limit <n>', 'at most so many photos per list', wholeNumber, 20);
  action(command, async ({ inStore, output }, from: string, to: string, { limit }: { limit: number }) => {
    const diff = await inStore((store) => diffData(store, { from, to, limit }));
    output.json(diff);
    printDiff(output, diff);
  });
}

const share = (count: number, photos: number) => (photos === 0 ? '–' : percent(count / photos));
const digits = (mean: number | null) => (mean === null ? '–' : Number(mean.toPrecision(4)));

function printDiff(output: Output, diff: DataDiff): void {
  for (const side of [diff.from, diff.to])
    output.line(`${side.pipeline}, span ${side.span}, artifact ${side.id}: ${plural(side.photos, 'photo')}`);
  const { unchanged, added, removed, relabelled, moved, nearDuplicates, balance } = diff;
  output.line(
    `added: ${added.count}, removed: ${removed.count}, relabelled: ${relabelled.count}, in another split: ${moved.count}, unchanged: ${unchanged}`,
  );
  printPhotos(output, diff);
  output.line();
  output.table(
    ['LABEL', '#FROM', '#TO', '#SHARE FROM', '#SHARE TO'],
    diff.labels.map(({ label, from, to }) => [
      label,
      from,
      to,
      share(from, diff.from.photos),
      share(to, diff.to.photos),
    ]),
  );
  output.line(
    `class balance: distance ${balance.distance?.toFixed(3) ?? '–'}, ${balance.differs ? 'more than chance explains' : 'within chance'}`,
  );
  output.line();
  output.table(
    ['PROPERTY', '#FROM', '#TO', '#EFFECT (95 % INTERVAL)', ''],
    diff.properties.map(({ name, from, to, effect, moved }) => [
      name,
      digits(from),
      digits(to),
      effect ? `${effect.value.toFixed(2)} [${effect.low.toFixed(2)}, ${effect.high.toFixed(2)}]` : '–',
      moved ? 'moved' : '',
    ]),
  );
  output.line(`added photos that look like one of before: ${nearDuplicates.count}`);
}

function printPhotos(output: Output, { added, removed, relabelled, moved, nearDuplicates }: DataDiff): void {
  const rows = [
    ...added.first.map(({ sha256, label, split, filename }) => ['added', sha256, `${label}, ${split}`, filename]),
    ...removed.first.map(({ sha256, label, split, filename }) => ['removed', sha256, `${label}, ${split}`, filename]),
    ...relabelled.first.map(({ sha256, from, to, filename }) => ['relabelled', sha256, `${from} -> ${to}`, filename]),
    ...moved.first.map(({ sha256, from, to, filename }) => ['moved', sha256, `${from} -> ${to}`, filename]),
    ...nearDuplicates.first.map(({ sha256, like, filename }) => ['alike', sha256, `like ${like.filename}`, filename]),
  ];
  if (rows.length === 0) return;
  output.line();
  output.table(
    ['CHANGE', 'PHOTO', 'HOW', 'FILE'],
    rows.map(([change = '', sha256 = '', ...rest]) => [change, sha256.slice(0, 12), ...rest]),
  );
  const lists = [added, removed, relabelled, moved, nearDuplicates];
  if (lists.some(({ count, first }) => count > first.length)) output.line('More with a higher --limit.');
}
