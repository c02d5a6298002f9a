import type { Command } from 'commander';
import { maturity } from '../../actions/workspace/maturity.ts';
import { action } from '../cli.ts';

export function registerMaturity(program: Command): void {
  const command = program
    .command('maturity')
    .description('assess the workspace against Google’s MLOps maturity levels, in 46 checks')
    .option('--gaps', 'only unmet checks');
  action(command, async ({ inStore, output }, flags: { gaps?: boolean }) => {
    const checks = await inStore(maturity);
    const shown = checks.filter(({ holds }) => !(flags.gaps && holds));
    output.list(shown, 'No gaps.', ({ id, title, holds, evidence, gap }) => ({
      CHECK: id,
      STATUS: holds ? 'met' : 'MISSING',
      REQUIREMENT: title,
      'EVIDENCE OR REMEDY': evidence ?? `-> ${gap}`,
    }));
    for (const level of ['L1', 'L2']) {
      const all = checks.filter(({ id }) => id.startsWith(`${level}.`));
      output.line(`Level ${level.slice(1)}: ${all.filter(({ holds }) => holds).length} of ${all.length}`);
    }
  });
}
