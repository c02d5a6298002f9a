import type { Command } from 'commander';
import { allLabels, importLabelNames, nameLabels } from '../../actions/labels/label-names.ts';
import { action } from '../cli.ts';
import { plural } from '../output/plural.ts';
import { safeText } from '../output/safe-text.ts';

export function registerLabel(program: Command): void {
  const label = program
    .command('label')
    .description('set what people read instead of a label, in English and Japanese: name, import, list');
  const name = label
    .command('name <label>')
    .description('set display names of a label; an empty one removes it')
    .option('--en <name>', 'English name')
    .option('--ja <name>', 'Japanese name');
  action(name, async ({ inStore, output, by }, of: string, { en, ja }: { en?: string; ja?: string }) => {
    const names = { [of.normalize('NFC')]: { en, ja } };
    const made = await inStore((store) => nameLabels(store, names, by.actor));
    output.json(made);
    output.line(made.changed === 0 ? `${safeText(of)} has these names already.` : `Named ${safeText(of)}.`);
  });
  const fromFile = label
    .command('import <file>')
    .description('set display names from a CSV with the columns label, en and ja; an empty cell removes a name');
  action(fromFile, async ({ inStore, output, by }, file: string) => {
    const made = await inStore((store) => importLabelNames(store, file, by.actor));
    output.json(made);
    output.line(`Changed the names of ${plural(made.changed, 'label')}.`);
  });
  action(
    label.command('list', { isDefault: true }).description('list labels with their display names'),
    async ({ inStore, output }) => {
      const labels = await inStore(allLabels);
      output.list(labels, 'No labels yet. Import photos, or run a pipeline.', ({ label: of, en, ja }) => ({
        LABEL: of,
        ENGLISH: en,
        JAPANESE: ja,
      }));
    },
  );
}
