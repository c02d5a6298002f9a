import type { Command } from 'commander';
import { quickstart } from '../../actions/workspace/quickstart.ts';
import { action } from '../cli.ts';
import { percent } from '../output/percent.ts';
import { commandProgress } from '../output/progress-view.ts';
import { printOutcome } from '../output/run-outcome.ts';
import { runView } from '../output/run-view.ts';
import { safeText } from '../output/safe-text.ts';

export function registerQuickstart(program: Command): void {
  const command = program
    .command('quickstart')
    .description('run the leaf pipeline: train, evaluate and register a model, and classify one photo')
    .option('--images <folder>', 'your photos, a folder per label (default: drawn leaves)');
  action(command, async ({ config, output, signal }, flags: { images?: string }) => {
    const { run, images, diagnosis } = await quickstart(config, {
      ...(flags.images !== undefined && { images: flags.images }),
      signal,
      onEvent: runView(output, { interactive: config.terminal.interactive, explain: false }),
      onDraw: commandProgress(output, config.terminal, { name: 'drawing leaves', unit: 'photos' }),
    });
    const code = printOutcome(output, run, false);
    if (!diagnosis) return code;
    const { photo, label, explained } = diagnosis;
    output.json({ images, diagnosis });
    output.line(`\nA photo that the model was not trained on: ${safeText(photo)} (${safeText(label)})`);
    output.line(`  ${output.style('bold', percent(explained.prediction))}`);
    output.line(`  heat map: ${safeText(explained.output)}`);
    output.line('\nNext:');
    output.line(`  npx mitate predict ${safeText(photo)} --model leaf-health`);
    output.line('  npx mitate model show leaf-health');
    output.line('  npx mitate lineage leaf-health');
    output.line('  npx mitate serve                # serve predictions over HTTP; see README.md for a curl example');
    output.line('  npx mitate init my-project      # scaffold a project of your own');
    if (flags.images === undefined)
      output.line('  npx mitate quickstart --images <folder>   # your photos, a folder per label');
    return code;
  });
}
