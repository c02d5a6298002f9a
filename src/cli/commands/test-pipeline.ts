import type { Command } from 'commander';
import { recordProof } from '../../actions/releases/proof.ts';
import { testPipeline } from '../../actions/runs/test-pipeline.ts';
import { continuousIntegration } from '../../config/continuous-integration.ts';
import { containerOf } from '../../config/in-container.ts';
import { action } from '../cli.ts';
import { wholeNumber } from '../options/parse-number.ts';
import { collectParameter } from '../options/pipeline-parameter.ts';
import { printProof } from '../output/proof-view.ts';
import { runView } from '../output/run-view.ts';

interface Flags {
  param: Record<string, string>;
  photos: number;
}

export function registerTestPipeline(program: Command): void {
  const command = program
    .command('test-pipeline <pipeline>')
    .description(
      'test a pipeline on a few photos in a temporary workspace, check the outputs of its steps, and record the result',
    )
    .option(
      '--param <name=value>',
      'pipeline parameter (repeatable); path parameters default to drawn leaves',
      collectParameter,
      {},
    )
    .option('--photos <n>', 'number of drawn leaves', wholeNumber, 160);
  action(command, async ({ config, output, signal, by }, file: string, { param, photos }: Flags) => {
    const proof = await testPipeline({
      config,
      file,
      parameters: param,
      photos,
      who: by.actor.name,
      ci: continuousIntegration(),
      container: containerOf(),
      signal,
      onEvent: runView(output, { interactive: config.terminal.interactive, explain: false }),
    });
    return printProof(output, await recordProof(config, proof));
  });
}
