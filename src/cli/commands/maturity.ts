import type { Command } from 'commander';
import { withStore } from '../../actions/with-store.ts';
import { maturity } from '../../actions/workspace/maturity.ts';
import { action } from '../cli.ts';

export function registerMaturity(program: Command): void {
  const command = program
    .command('maturity')
    .description('assess the workspace against Google’s MLOps maturity levels, in 46 checks')
    .option('--gaps', 'only checks that fail');
  action(command, async ({ config, output }, flags: { gaps?: boolean }) => {
    const answers = await withStore(config, { attach: true }, maturity);
    const shown = answers.filter(({ holds }) => !(flags.gaps && holds));
    for (const answer of shown) output.json(answer);
    output.table(
      ['CHECK', 'STATUS', 'REQUIREMENT', 'EVIDENCE OR REMEDY'],
      shown.map(({ id, title, holds, evidence, gap }) => [
        id,
        holds ? 'passed' : 'FAILED',
        title,
        evidence ?? `-> ${gap}`,
      ]),
      'No gaps.',
    );
    for (const level of ['L1', 'L2']) {
      const of = answers.filter(({ id }) => id.startsWith(`${level}.`));
      output.line(`Level ${level.slice(1)}: ${of.filter(({ holds }) => holds).length} of ${of.length}`);
    }
  });
}
