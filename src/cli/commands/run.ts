import type { Command } from 'commander';
import { runFile } from '../../actions/runs/run.ts';
import { action } from '../cli.ts';
import { wholeNumber } from '../options/parse-number.ts';
import { collectParameter } from '../options/pipeline-parameter.ts';
import { printOutcome } from '../output/run-outcome.ts';
import { runView } from '../output/run-view.ts';

interface Flags {
  param: Record<string, string>;
  explain?: boolean;
  seed?: number;
  experiment?: string;
  note?: string;
  requireBlessing?: boolean;
}

export function registerRun(program: Command): void {
  const command = program
    .command('run <pipeline>')
    .description('run a pipeline file; unchanged steps come from the cache')
    .option('--param <name=value>', 'pipeline parameter (repeatable)', collectParameter, {})
    .option('--explain', 'explain why each step runs: which part of its cache key changed')
    .option('--seed <n>', 'random seed (default: the seed of the pipeline)', wholeNumber)
    .option('--experiment <name>', 'experiment that the run belongs to, for "runs list" and "runs compare"')
    .option('--note <text>', 'note on the run')
    .option('--require-blessing', 'exit with 3 if the model is not blessed');
  action(command, async ({ config, output, signal, allowStop }, file: string, flags: Flags) => {
    const view = runView(output, { interactive: config.terminal.interactive, explain: flags.explain ?? false });
    const run = await runFile({
      config,
      file,
      parameters: flags.param,
      ...(flags.seed !== undefined && { seed: flags.seed }),
      experiment: flags.experiment,
      note: flags.note,
      signal,
      onEvent: (event) => {
        // a run that is on record winds down, however young the command is
        allowStop(0);
        view(event);
      },
    });
    return printOutcome(output, run, flags.requireBlessing ?? false);
  });
}
