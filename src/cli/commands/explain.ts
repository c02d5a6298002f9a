import type { Command } from 'commander';
import { explainPhoto } from '../../actions/models/explain.ts';
import { action } from '../cli.ts';
import { percent } from '../output/percent.ts';
import { safeText } from '../output/safe-text.ts';

export function registerExplain(program: Command): void {
  const command = program
    .command('explain <file>')
    .description('explain a prediction with a heat map over the photo')
    .option('--model <model>', 'name, name@version, name@alias, or folder of a model (default: the only one)')
    .option('-o, --output <png>', 'file to write the heat map to', 'heat.png');
  action(command, async ({ config, output, signal }, file: string, flags: { model?: string; output: string }) => {
    const explained = await explainPhoto(config, { file, signal, ...flags });
    output.json({ file, ...explained });
    output.line(`${percent(explained.prediction)}   ${safeText(file)}`);
    output.line(
      `Heat map: ${safeText(explained.output)} (unexplained: ${(100 * explained.completenessError).toFixed(0)} % of the evidence)`,
    );
  });
}
