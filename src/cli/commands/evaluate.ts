import type { Command } from 'commander';
import { evaluateModel } from '../../actions/models/evaluate.ts';
import { measuredOf } from '../../contracts/artifacts/evaluation.ts';
import { action } from '../cli.ts';
import { commandLogger } from '../command-logger.ts';
import { commandProgress } from '../output/progress-view.ts';
import { runView } from '../output/run-view.ts';
import { safeText } from '../output/safe-text.ts';

interface Flags {
  images: string;
  model?: string;
  output: string;
  robustness?: true;
}

export function registerEvaluate(program: Command): void {
  const command = program
    .command('evaluate')
    .description('evaluate a model on labelled photos')
    .requiredOption('--images <source>', 'labelled photos: folder per label, ZIP, manifest, TFRecord')
    .option('--model <model>', 'name, name@version, name@alias, or folder of a model (default: the only one)')
    .option('--robustness', 'also measure on altered photos: blur, light, JPEG, crop, rotation, background')
    .option('-o, --output <dir>', 'folder for evaluation.json and report.html; overwritten', 'evaluation');
  action(command, async ({ config, output, signal }, flags: Flags) => {
    const { evaluation, model, report } = await evaluateModel(config, {
      ...flags,
      signal,
      onEvent: runView(output, { interactive: config.terminal.interactive, explain: false }),
      onProgress: commandProgress(output, config.terminal, { name: 'evaluating', unit: 'photos' }),
      logger: commandLogger(output),
    });
    output.json({ model: { name: model.name, version: model.version }, ...evaluation });
    output.line(
      `${model.name}${model.version === null ? '' : `@${model.version}`} on ${evaluation.examples} photos, with 95 % intervals:`,
    );
    const text = (value: number | null) => (value === null ? '–' : value.toFixed(4));
    output.table(
      ['METRIC', '#VALUE', '#LOW', '#HIGH'],
      Object.entries(measuredOf(evaluation))
        .filter(([name, { value }]) => name !== 'cost' || value !== null)
        .map(([name, { value, low, high }]) => [name, text(value), text(low), text(high)]),
    );
    if (evaluation.robustness) {
      output.line('Accuracy on altered photos, its change, and the share that is answered otherwise:');
      output.table(
        ['ALTERATION', '#PHOTOS', '#VALUE', '#CHANGE', '#LOW', '#HIGH', '#OTHERWISE'],
        evaluation.robustness.kinds.map(({ kind, photos, metrics, difference, changed }) => {
          const { value, low, high } = difference.accuracy;
          return [
            kind,
            String(photos),
            text(metrics.accuracy.value),
            text(value),
            text(low),
            text(high),
            text(changed?.value ?? null),
          ];
        }),
      );
    }
    output.line(`Report: ${safeText(report)}`);
  });
}
