import type { Command } from 'commander';
import { predict } from '../../actions/predict.ts';
import { action, exitCodes } from '../cli.ts';
import { percent } from '../percent.ts';
import { safeText } from '../safe-text.ts';

export function registerPredict(program: Command): void {
  const command = program
    .command('predict <files...>')
    .description('answer photos, or folders of photos')
    .option('--model <model>', 'name, name@version, name@alias, or the folder of a model (default: the only one)');
  action(command, async ({ config, output, signal }, targets: string[], flags: { model?: string }) => {
    let failed = 0;
    for await (const row of predict(config, { targets, signal, ...flags })) {
      output.json(row);
      if (!('error' in row)) {
        output.line(`${percent(row).padEnd(28)} ${safeText(row.file)}`);
        continue;
      }
      failed++;
      if (!output.options.json) {
        output.note(`${safeText(row.file)}:`);
        output.problem(row.error);
      }
    }
    return failed ? exitCodes.failed : exitCodes.finished;
  });
}
