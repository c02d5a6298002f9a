import type { Command } from 'commander';
import { deployRelease } from '../../actions/releases/deploy.ts';
import { action, exitCodes } from '../cli.ts';
import { commandLogger } from '../command-logger.ts';
import { collectParameter } from '../options/pipeline-parameter.ts';

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
      'deploy a release (id, or file of "release make --output") to an environment of mitate.config.ts and run it there',
    )
    .requiredOption('--env <name>', 'target environment')
    .option('--from <name>', 'environment of the release (default: this workspace)')
    .option(
      '--param <name=value>',
      'override a parameter of the release or environment (repeatable)',
      collectParameter,
      {},
    )
    .option('--no-run', 'do not start a run; a release trigger may')
    .option('--wait', 'wait for the run; exit with 1 unless it succeeds');
  action(command, async ({ config, output, signal, by }, release: string, flags: Flags) => {
    const { env, from, param: parameters, run, wait = false } = flags;
    const byHand = config.terminal.interactive;
    const context = { actor: by.actor, byHand, signal, logger: commandLogger(output) };
    const deployed = await deployRelease(config, { release, env, from, parameters, run, wait, ...context });
    output.json(deployed);
    const { runId, state } = deployed;
    output.line(`Deployed ${deployed.release} to ${env}${runId === null ? '.' : `; run ${runId} is ${state}.`}`);
    if (state === 'queued') output.note('A worker in that environment starts it: mitate worker, or mitate up.');
    return wait && run && state !== 'succeeded' ? exitCodes.failed : exitCodes.success;
  });
}
