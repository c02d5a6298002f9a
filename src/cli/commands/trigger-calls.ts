import type { Command } from 'commander';
import { notifyTrigger, runTrigger } from '../../actions/triggers/run.ts';
import { withStore } from '../../actions/with-store.ts';
import type { Config } from '../../config/index.ts';
import { openRunQueue } from '../../orchestrator/queue/run-queue.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { localWho } from '../access.ts';
import { action } from '../cli.ts';
import { commandLogger } from '../command-logger.ts';
import { positive } from '../options/positive.ts';
import { runOf } from '../output/trigger-view.ts';

/** Changes triggers here, also beside a server, and writes it into the audit log. */
export async function changeTrigger<T>(
  config: Config,
  { verb, name, details }: { verb: string; name: string; details: Record<string, unknown> },
  change: (store: OpenStore, who: string) => Promise<T>,
): Promise<T> {
  return await withStore(config, { attach: true }, async (store) => {
    const who = localWho();
    const changed = await change(store, who);
    const entry = { action: `trigger.${verb}`, subject: name, details };
    await store.access.audit({ ...entry, who, project: store.project, requestId: null });
    return changed;
  });
}

export function registerRun(trigger: Command): void {
  const command = trigger
    .command('run <name>')
    .description('start its run now, whatever its limits; a worker takes it')
    .option('--key <text>', 'the same key is the same call');
  action(command, async ({ config, output }, name: string, { key }: { key?: string }) => {
    const logger = commandLogger(output);
    const firing = await changeTrigger(config, { verb: 'run', name, details: {} }, async (store, who) => {
      await using queue = await openRunQueue(store, { logger });
      const enqueue: (typeof queue)['add'] = (order) => queue.add(order);
      return await runTrigger(config, store, name, { who, key, now: new Date(), logger, enqueue });
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
    .description('say that there are new photos; the next tick decides')
    .requiredOption('--photos <count>', 'how many', positive)
    .option('--key <text>', 'the same key is the same call');
  action(command, async ({ config, output }, name: string, flags: { photos: number; key?: string }) => {
    const noted = await changeTrigger(config, { verb: 'notify', name, details: { ...flags } }, (store, who) =>
      notifyTrigger(store, name, { ...flags, who, now: new Date() }),
    );
    output.json({ noted });
    output.line(noted ? 'Noted.' : 'The same key said so before.');
  });
}
