import type { Command } from 'commander';
import { work, workFor } from '../../worker/worker.ts';
import { action } from '../cli.ts';
import { serverLogger } from '../server-logger.ts';

/** For the step in progress, which has 30 s to stop. */
const stopMs = 35_000;

export function registerWorker(program: Command): void {
  const command = program
    .command('worker')
    .description(
      'execute queued runs, monitors, alerts, triggers and maintenance; next to a server or on another machine. With --project, execute the runs of that project alone, which no other worker does then',
    );
  action(command, async ({ config, signal, allowStop }) => {
    allowStop(stopMs);
    const { logger } = serverLogger(config.logLevel);
    const options = { logger, signal: AbortSignal.any([signal, parentGone()]), ready: tellParent };
    // the flag alone: MITATE_PROJECT is the usual project of all commands
    const { project } = command.optsWithGlobals<{ project?: string }>();
    await (project === undefined ? work(config, options) : workFor(config, project, options));
  });
}

const aliveMs = 5_000;

/** From now on `mitate up` hears that the event loop runs. */
function tellParent(): void {
  const tell = () => process.connected && process.send?.('alive', () => {});
  tell();
  setInterval(tell, aliveMs).unref();
}

/** Time for a worker to exit once its server is gone; what is left then is taken over, as after a kill. */
const graceMs = 10_000;

/** Aborts when `mitate up`, which started this worker, ends in any way, even while a query to its vanished database hangs. */
function parentGone(): AbortSignal {
  const controller = new AbortController();
  const end = () => {
    controller.abort();
    setTimeout(() => process.exit(1), graceMs).unref();
  };
  // false: the parent ended while this process loaded; undefined: started without a parent
  if (process.connected === false) end();
  process.once('disconnect', end);
  // with the channel referenced, a stopped worker stayed alive until it was killed 35 s later
  process.channel?.unref();
  return controller.signal;
}
