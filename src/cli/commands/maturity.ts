import type { Command } from 'commander';
import { maturity } from '../../actions/workspace/maturity.ts';
import { action } from '../cli.ts';

export function registerMaturity(program: Command): void {
  const command = program
    .command('maturity')
    .description('assess the workspace against Google’s MLOps maturity levels, in 46 checks')
    .option('--gaps', 'only unmet checks');
  action(command, async ({ inStore, output, by }, flags: { gaps?: boolean }) => {
    const checks = await inStore((store) => maturity(store, by.now));
    const shown = checks.filter(({ holds }) => !(flags.gaps && holds));
    output.list(shown, 'No gaps.', ({ id, title, holds, evidence, claim, gap }) => ({
      CHECK: id,
      STATUS: holds ? 'met' : claim === null ? 'MISSING' : 'CLAIMED',
      REQUIREMENT: title,
      'EVIDENCE, CLAIM OR REMEDY': evidence ?? (claim === null ? `-> ${gap}` : `claimed: ${claim} -> ${gap}`),
    }));
    for (const level of ['L1', 'L2']) {
      const all = checks.filter(({ id }) => id.startsWith(`${level}.`));
      const claimed = all.filter(({ claim }) => claim !== null).length;
      const said = claimed > 0 ? `; ${claimed} more are only claimed` : '';
      output.line(`Level ${level.slice(1)}: ${all.filter(({ holds }) => holds).length} of ${all.length}${said}`);
    }
  });
}
