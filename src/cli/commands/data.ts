import { type Command, Option } from 'commander';
import {
  dataStatistics,
  defaultSamplePhotos,
  exportData,
  importData,
  sampleData,
} from '../../actions/workspace/data.ts';
import type { Anomalies } from '../../contracts/artifacts/anomalies.ts';
import { type Rejected, splits } from '../../contracts/artifacts/example.ts';
import type { Statistics } from '../../contracts/artifacts/statistics.ts';
import { action, exitCodes } from '../cli.ts';
import { wholeNumber } from '../options/parse-number.ts';
import { duration } from '../output/duration.ts';
import type { Output } from '../output/output.ts';
import { commandProgress } from '../output/progress-view.ts';
import { printFailures } from '../output/run-outcome.ts';
import { runView } from '../output/run-view.ts';
import { safeText } from '../output/safe-text.ts';
import { registerDiff } from './data-diff.ts';
import { registerRelabel, registerSuspicious } from './data-labels.ts';

export function registerData(program: Command): void {
  const data = program
    .command('data')
    .description('manage photos and labels: import, stats, diff, export, sample, suspicious, relabel');
  registerImport(data);
  registerStats(data);
  registerDiff(data);
  registerExport(data);
  registerSample(data);
  registerSuspicious(data);
  registerRelabel(data);
}

const importHelp = `
Layouts: photos/<label>/1.jpg, or photos/train/<label>/1.jpg with photos/val and photos/test, whose folders become splits.
Formats: JPEG, PNG and WebP. HEIC (iPhone) is rejected; convert it first:
  iPhone          Settings > Camera > Formats > Most Compatible, for new photos
  macOS           sips -s format jpeg *.heic --out jpeg
  Linux           heif-convert photo.heic photo.jpg (package libheif-examples)
  Windows         Photos > Save as > JPEG`;

function registerImport(data: Command): void {
  const command = data
    .command('import <source>')
    .description('import and validate photos: folder per label, ZIP, CSV or JSONL manifest, TFRecord')
    .option('--name <name>', 'name of the data set (default: name of the source)')
    .option(
      '--group-by <rule>',
      'keep groups in one split: "none", "near-duplicate", or the name of an attribute',
      'near-duplicate',
    )
    .option('--corrections <file>', 'corrected labels, as "data relabel" writes them')
    .option('--allow-urls', 'allow public http(s) URLs in a manifest')
    .addHelpText('after', importHelp);
  action(
    command,
    async (
      { config, output, signal },
      source: string,
      flags: { name?: string; groupBy: string; allowUrls?: boolean; corrections?: string },
    ) => {
      const rule = flags.groupBy;
      const show = runView(output, { interactive: config.terminal.interactive, explain: false });
      const { run, statistics, rejected, anomalies } = await importData(config, {
        source,
        ...(flags.name !== undefined && { name: flags.name }),
        groupBy: rule === 'none' || rule === 'near-duplicate' ? rule : { attribute: rule },
        ...(flags.corrections !== undefined && { corrections: flags.corrections }),
        allowUrls: flags.allowUrls ?? false,
        signal,
        // its anomalies are printed below
        onEvent: (event) => (event.type === 'step-log' && event.step === 'example-validator' ? undefined : show(event)),
      });
      output.json({ run, statistics, rejected, anomalies });
      if (statistics) printStatistics(output, statistics);
      printRejected(output, rejected);
      if (anomalies) printAnomalies(output, anomalies);
      output.line();
      printFailures(output, run);
      output.line(`${endings[run.state]} ${duration(run.seconds)}.`);
      if (run.state === 'cancelled') return exitCodes.cancelled;
      return run.state === 'succeeded' ? exitCodes.success : exitCodes.failed;
    },
  );
}

const endings = { succeeded: 'Finished in', failed: 'Failed after', cancelled: 'Cancelled after' } as const;

function registerStats(data: Command): void {
  const command = data
    .command('stats [examples]')
    .description('show statistics of a data set (name or artifact id prefix; default: the newest)');
  action(command, async ({ config, output }, reference: string | undefined) => {
    const { artifact, statistics } = await dataStatistics(config, reference);
    output.json(statistics);
    output.line(`${artifact.pipeline}, span ${statistics.span}, artifact ${artifact.id}`);
    printStatistics(output, statistics);
  });
}

function registerExport(data: Command): void {
  const command = data
    .command('export [examples]')
    .description('export a data set (name or artifact id prefix; default: the newest)')
    .requiredOption('-o, --output <dir>', 'folder to write to')
    .addOption(new Option('--format <format>', 'output format').choices(['folder', 'tfrecord']).default('folder'));
  action(
    command,
    async (
      { config, output },
      reference: string | undefined,
      flags: { output: string; format: 'folder' | 'tfrecord' },
    ) => {
      const exported = await exportData(config, { ...flags, ...(reference !== undefined && { reference }) });
      output.json(exported);
      output.line(`Wrote ${exported.artifact.pipeline} (${exported.artifact.id}) to ${safeText(exported.output)}`);
      if (flags.format === 'folder')
        output.line(`Import it again: mitate data import ${safeText(exported.output)}/manifest.jsonl`);
    },
  );
}

function registerSample(data: Command): void {
  const command = data
    .command('sample <dir>')
    .description('draw sample leaves, a folder per label')
    .option('--photos <n>', 'number of photos', wholeNumber, defaultSamplePhotos)
    .option('--seed <n>', 'random seed', wholeNumber, 20)
    .option('--size <pixels>', 'width and height of each photo', wholeNumber, 256);
  type Flags = { photos: number; seed: number; size: number };
  action(command, async ({ config, output, signal }, dir: string, flags: Flags) => {
    const progress = commandProgress(output, config.terminal, { name: 'drawing', unit: 'photos' });
    const { folder } = await sampleData(dir, { ...flags, signal, progress });
    output.json({ folder, ...flags });
    output.line(`Drew ${flags.photos} photos in ${safeText(folder)}`);
  });
}

function printStatistics(output: Output, statistics: Statistics): void {
  const present = splits.filter((split) => statistics.splits[split]);
  const labels = [...new Set(present.flatMap((split) => Object.keys(statistics.splits[split]?.labels ?? {})))].sort();
  output.table(
    ['LABEL', ...present.map((split) => `#${split.toUpperCase()}`), '#BRIGHTNESS', '#SHARPNESS'],
    labels.map((label) => {
      const first = present.map((split) => statistics.splits[split]?.labels[label]).find(Boolean);
      return [
        label,
        ...present.map((split) => statistics.splits[split]?.labels[label]?.count ?? 0),
        first ? first.numeric.brightness.mean.toFixed(2) : '',
        first ? first.numeric.sharpness.mean.toFixed(0) : '',
      ];
    }),
  );
  const { rejected, duplicates, conflicts, alikeConflicts, nearDuplicatesAcrossSplits } = statistics;
  output.line(
    `rejected: ${rejected.count}, duplicates: ${duplicates.count}, same photo under two labels: ${conflicts.count}, photos that look alike under two labels: ${alikeConflicts.count}, near duplicates across splits: ${nearDuplicatesAcrossSplits.count}`,
  );
}

const rejectedShown = 10;

function printRejected(output: Output, rejected: readonly Rejected[]): void {
  for (const { filename, message } of rejected.slice(0, rejectedShown))
    output.line(`  ${safeText(filename)}: ${safeText(message)}`);
  if (rejected.length > rejectedShown)
    output.line(`  and ${rejected.length - rejectedShown} more; use --json to list all`);
}

function printAnomalies(output: Output, { anomalies, probe }: Anomalies): void {
  for (const { severity, code, message, remedy } of anomalies) {
    output.line(
      `${output.style(severity === 'error' ? 'red' : 'yellow', `${severity} ${code}`)}: ${safeText(message)}`,
    );
    output.line(`  ${safeText(remedy)}`);
  }
  if (anomalies.some(({ severity }) => severity === 'error'))
    output.line('Errors stop pipelines that train on these photos; warnings do not.');
  if (anomalies.length === 0) output.line(output.style('green', 'No anomalies.'));
  if (probe && !probe.fires) {
    output.line(
      `Background probe: passed; 8 border pixels predict the label at ${(100 * probe.accuracy).toFixed(0)} % accuracy (chance: ${(100 * probe.chance).toFixed(0)} %).`,
    );
  }
}
