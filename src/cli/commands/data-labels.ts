import { type Command, Option } from 'commander';
import { relabel } from '../../actions/datasets/relabel.ts';
import { type SuspiciousLabels, suspiciousLabels } from '../../actions/datasets/suspicious.ts';
import { csvCell } from '../../codecs/csv.ts';
import { percent } from '../../codecs/percent.ts';
import { type Split, splits } from '../../contracts/artifacts/example.ts';
import { action } from '../cli.ts';
import { plural } from '../output/plural.ts';
import { safeText } from '../output/safe-text.ts';
import { writeOutput } from '../output/write-output.ts';

interface SuspiciousFlags {
  split?: Split;
  output?: string;
}

export function registerSuspicious(data: Command): void {
  const command = data
    .command('suspicious [reference]')
    .description(
      'list all suspicious labels (pipeline, data set, name@version of a model, or artifact id prefix; default: the newest evaluation)',
    )
    .addOption(new Option('--split <split>', 'only those of one split').choices(splits))
    .option('-o, --output <file>', 'also write a CSV to correct, for "data relabel --from"');
  action(command, async ({ inStore, output }, reference: string | undefined, flags: SuspiciousFlags) => {
    const made = await inStore((store) => suspiciousLabels(store, { reference, split: flags.split }));
    if (flags.output !== undefined) await writeOutput(flags.output, csvOf(made));
    output.json(made);
    const { pipeline, examined, found } = made;
    const inTest = found.filter(({ split }) => split === 'test').length;
    output.line(
      `${pipeline}: ${found.length} of ${examined} labels are suspicious${flags.split === undefined ? `, ${inTest} in the test split` : ` in the ${flags.split} split`}.`,
    );
    output.table(
      ['PHOTO', 'SPLIT', 'LABEL', 'LOOKS LIKE', '#CONFIDENCE', 'CORRECTED', 'FILE'],
      found.map(({ sha256, split, label, suggested, confidence, corrected, file, filename }) => [
        sha256.slice(0, 12),
        split ?? '–',
        label,
        suggested,
        confidence === undefined ? '–' : percent(confidence),
        corrected ?? '',
        file ?? filename,
      ]),
    );
    if (found.length > 0)
      output.line('To correct one: mitate data relabel <photo> <label>. Look first: not all of them are wrong.');
  });
}

const columns = ['sha256', 'filename', 'split', 'label', 'suggested', 'confidence', 'file'] as const;

/** One row per photo, with the label that it has now: the column to edit. */
function csvOf({ found }: SuspiciousLabels): string {
  const rows = found.map((each) => {
    const row = { ...each, label: each.corrected ?? each.label, file: each.file ?? undefined };
    return columns.map((column) => csvCell(row[column])).join(',');
  });
  return `${[columns.join(','), ...rows].join('\n')}\n`;
}

interface RelabelFlags {
  from?: string;
  data?: string;
  to?: string;
}

export function registerRelabel(data: Command): void {
  const command = data
    .command('relabel [photo] [label]')
    .description('correct labels: the next run trains on them; photos are not changed')
    .option('--from <file>', 'CSV or JSON Lines with a column sha256 or path, and a column label')
    .option('--data <examples>', 'data set: name or artifact id prefix (default: the newest)')
    .option(
      '--to <file>',
      'corrections file (default: the one that the data set was read with, else corrections.jsonl)',
    );
  action(
    command,
    async (
      { inStore, output, by, give },
      photo: string | undefined,
      label: string | undefined,
      flags: RelabelFlags,
    ) => {
      const labels = photo !== undefined && label !== undefined ? [{ photo, label }] : [];
      const made = await inStore((store) => relabel(store, { ...flags, labels, actor: by.actor }));
      await give(made.file);
      output.json(made);
      const { changed, unchanged, file, isRead } = made;
      for (const { filename, given, label } of changed)
        output.line(
          label === given
            ? `${safeText(filename)}: ${safeText(label)} again, as in the source`
            : `${safeText(filename)}: ${safeText(label)} instead of ${safeText(given)}`,
        );
      if (unchanged > 0) output.line(`${plural(unchanged, 'photo')} had this label already.`);
      if (changed.length === 0) return;
      const name = safeText(file);
      output.line(
        isRead
          ? `Wrote ${name}. Run the pipeline or the import again to apply it.`
          : `Wrote ${name}. To apply it: exampleGen({ ..., corrections: '${name}' }) in the pipeline, or mitate data import <source> --corrections ${name}`,
      );
    },
  );
}
