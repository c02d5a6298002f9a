import type { Command } from 'commander';
import { notifyTrigger, runTrigger } from '../../actions/triggers/run.ts';
import { openRunQueue } from '../../orchestrator/queue/run-queue.ts';
import { action } from '../cli.ts';
import { commandLogger } from '../command-logger.ts';
import { positive } from '../options/parse-number.ts';
import { runOf } from '../output/trigger-view.ts';

export function registerRun(trigger: Command): void {
  const command = trigger
    .command('run <name>')
    .description('fire a trigger now, regardless of its limits; a worker takes the run')
    .option('--key <text>', 'idempotency key: a repeated call changes nothing');
  action(command, async ({ config, inStore, output, by }, name: string, { key }: { key?: string }) => {
    const logger = commandLogger(output);
    const firing = await inStore(async (store) => {
      await using queue = await openRunQueue(store, { logger });
      const enqueue: (typeof queue)['add'] = (order) => queue.add(order);
      return await runTrigger(config, store, name, { actor: by.actor, key, now: new Date(), logger, enqueue });
    });
    output.json(firing);
    if (firing.error !== null) output.line(`${name} fired, but ${runOf(firing)}`);
    else output.line(`${name} fired; its run is ${firing.run?.id ?? firing.runId}.`);
    return firing.error === null ? 0 : 1;
  });
}

export function registerNotify(trigger: Command): void {
  const command = trigger
    .command('notify <name>')
    .description('report new photos to a trigger; the next tick evaluates it')
    .requiredOption('--photos <count>', 'number of new photos', positive)
    .option('--key <text>', 'idempotency key: a repeated call changes nothing');
  action(command, async ({ inStore, output, by }, name: string, flags: { photos: number; key?: string }) => {
    const noted = await inStore((store) => notifyTrigger(store, name, { ...flags, ...by }));
    output.json({ noted });
    output.line(noted ? 'Recorded.' : 'Already recorded with this key.');
  });
}
