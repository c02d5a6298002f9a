import type { Command } from 'commander';
import { withAccess } from '../access.ts';
import { action } from '../cli.ts';
import { wholeNumber } from '../options/parse-number.ts';
import { moment } from '../output/moment.ts';

export function registerAudit(program: Command): void {
  const command = program
    .command('audit')
    .description('list changes in the project, newest first')
    .option('--limit <n>', 'maximum number of entries', wholeNumber, 50);
  action(command, async ({ config, output }, { limit }: { limit: number }) => {
    const entries = await withAccess(config, (access) => access.listAudit({ project: config.project, limit }));
    for (const entry of entries) output.json(entry);
    output.table(
      ['TIME', 'ACTOR', 'ACTION', 'SUBJECT', 'DETAILS'],
      entries.map(({ at, who, action, subject, details }) => [
        moment(at),
        who,
        action,
        subject,
        JSON.stringify(details),
      ]),
      'No changes recorded.',
    );
  });
}
