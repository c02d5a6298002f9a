import type { Command } from 'commander';
import { tickByHand } from '../../worker/tick-by-hand.ts';
import { action } from '../cli.ts';
import { commandLogger } from '../command-logger.ts';
import { parseInstant } from '../options/parse-instant.ts';

export function registerTick(program: Command): void {
  const command = program
    .command('tick')
    .description(
      'run once what the worker does each minute: monitors, alerts, promotions, triggers, deliveries, review queues',
    )
    .option('--now <time>', 'use this time instead of the current one, ISO 8601; for testing', parseInstant);
  action(command, async ({ config, output }, { now }: { now?: Date }) => {
    const parts = await tickByHand(config, { now: now ?? new Date(), logger: commandLogger(output) });
    for (const part of parts) output.json(part);
    output.table(
      ['PROJECT', 'PART', '#DONE', 'ERROR'],
      parts.map(({ project, part, done, error }) => [project ?? 'all', part, `${done}`, error?.message ?? '']),
    );
    return parts.some(({ error }) => error !== null) ? 1 : 0;
  });
}
