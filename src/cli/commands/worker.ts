import type { Command } from 'commander';
import { work } from '../../actions/worker.ts';
import { action } from '../cli.ts';
import { serverLogger } from '../server-logger.ts';

export function registerWorker(program: Command): void {
  const command = program
    .command('worker')
    .description(
      'work off queued runs, and watch: monitors, alerts, triggers, upkeep; beside a server or on another machine',
    );
  action(command, async ({ config, signal }) => {
    const { logger } = serverLogger(config.logLevel);
    await work(config, { logger, signal: AbortSignal.any([signal, parentGone()]) });
  });
}

/** Started by `mitate up`, it ends with it, however that ended. */
function parentGone(): AbortSignal {
  const controller = new AbortController();
  // false: it ended while this process loaded; undefined: this one was started by hand
  if (process.connected === false) controller.abort();
  process.once('disconnect', () => controller.abort());
  return controller.signal;
}
