import type { Command } from 'commander';
import { withStore } from '../../actions/with-store.ts';
import { maturity } from '../../actions/workspace/maturity.ts';
import { action } from '../cli.ts';

export function registerMaturity(program: Command): void {
  const command = program
    .command('maturity')
    .description('Google’s MLOps levels as 46 checks, each answered by what the workspace holds')
    .option('--gaps', 'only what does not hold');
  action(command, async ({ config, output }, flags: { gaps?: boolean }) => {
    const answers = await withStore(config, { attach: true }, maturity);
    const told = answers.filter(({ holds }) => !(flags.gaps && holds));
    for (const answer of told) output.json(answer);
    output.table(
      ['CHECK', 'HOLDS', 'WHAT', 'EVIDENCE, OR WHAT CLOSES THE GAP'],
      told.map(({ id, title, holds, evidence, gap }) => [id, holds ? 'yes' : 'NO', title, evidence ?? `-> ${gap}`]),
    );
    for (const level of ['L1', 'L2']) {
      const of = answers.filter(({ id }) => id.startsWith(`${level}.`));
      output.line(`Level ${level.slice(1)}: ${of.filter(({ holds }) => holds).length} of ${of.length}`);
    }
  });
}
