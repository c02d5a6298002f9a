import type { Command } from 'commander';
import { action, exitCodes } from '../cli.ts';
import { commandLogger } from '../command-logger.ts';
import { deployPipeline } from '../deploy-pipeline.ts';
import { collectParameter } from './run.ts';

interface Flags {
  env: string;
  from?: string;
  param: Record<string, string>;
  run: boolean;
  wait?: boolean;
}

export function registerDeployPipeline(program: Command): void {
  const command = program
    .command('deploy-pipeline <release>')
    .description(
      'bring a release (its id, or a file of "release --out") to an environment of mitate.config.ts and start its run there',
    )
    .requiredOption('--env <name>', 'where to')
    .option('--from <name>', 'environment that it was released in (default: this workspace)')
    .option(
      '--param <name=value>',
      'in place of one of the release and the environment (may be repeated)',
      collectParameter,
      {},
    )
    .option('--no-run', 'let it land, and leave its run to a release trigger')
    .option('--wait', 'until the run has ended; exit with 1 when it did not succeed');
  action(command, async ({ config, output, signal }, release: string, flags: Flags) => {
    const { env, from, param: parameters, run, wait = false } = flags;
    const logger = commandLogger(output);
    const brought = await deployPipeline(config, { release, env, from, parameters, run, wait, signal, logger });
    output.json(brought);
    const { runId, state } = brought;
    output.line(`${brought.release} is in ${env}${runId === null ? '.' : `; run ${runId}: ${state}.`}`);
    if (state === 'queued') output.note('A worker there starts it: mitate worker, or mitate up.');
    return wait && run && state !== 'succeeded' ? exitCodes.failed : exitCodes.success;
  });
}
