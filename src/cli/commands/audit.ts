import type { Command } from 'commander';
import { listAudit } from '../../actions/access/audit.ts';
import { action } from '../cli.ts';
import { wholeNumber } from '../options/parse-number.ts';
import { moment } from '../output/moment.ts';

export function registerAudit(program: Command): void {
  const command = program
    .command('audit')
    .description('list changes in the project, newest first')
    .option('--who <name>', 'changes of one, as the list has it: user:mika, key:ci')
    .option('--action <name>', 'one action (key.rotate), or all of a resource (key)')
    .option('--limit <n>', 'maximum number of entries', wholeNumber, 50);
  action(command, async ({ inStore, output }, flags: { who?: string; action?: string; limit: number }) => {
    const entries = await inStore((store) => listAudit(store, flags));
    output.list(entries, 'No changes recorded.', ({ at, who, action, subject, details }) => ({
      TIME: moment(at),
      ACTOR: who,
      ACTION: action,
      SUBJECT: subject,
      DETAILS: JSON.stringify(details),
    }));
  });
}
