import type { Command } from 'commander';
import { action } from '../cli.ts';
import { serverLogger } from '../server-logger.ts';
import { keepWorker } from '../worker-child.ts';
import { type ServeFlags, serveUntilStopped, withServeFlags } from './serve.ts';

export function registerUp(program: Command): void {
  const command = withServeFlags(program.command('up')).description(
    'serve the deployed models, and run a worker for runs and maintenance',
  );
  action(command, async (cli, flags: ServeFlags) => {
    const log = serverLogger(cli.config.logLevel);
    await serveUntilStopped(cli, flags, log, () => keepWorker(cli.config, log.logger));
  });
}
