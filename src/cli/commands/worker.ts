import type { Command } from 'commander';
import { work } from '../../worker/worker.ts';
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

/** What a worker has to end in once its server is gone; what it leaves then is taken over, as from one that was killed. */
const graceMs = 10_000;

/** Started by `mitate up`, it ends with it, however that ended: also when its database, which went too, keeps a query waiting. */
function parentGone(): AbortSignal {
  const controller = new AbortController();
  const end = () => {
    controller.abort();
    setTimeout(() => process.exit(1), graceMs).unref();
  };
  // false: it ended while this process loaded; undefined: this one was started by hand
  if (process.connected === false) end();
  process.once('disconnect', end);
  // the listener alone kept a worker that had stopped alive until it was killed, 35 s later
  process.channel?.unref();
  return controller.signal;
}
