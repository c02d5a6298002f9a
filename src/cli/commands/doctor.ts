import type { Command } from 'commander';
import { examine } from '../../actions/workspace/doctor.ts';
import { action, exitCodes } from '../cli.ts';
import { safeText } from '../output/safe-text.ts';

const colors = { ok: 'green', warn: 'yellow', fail: 'red' } as const;

export function registerDoctor(program: Command): void {
  action(
    program
      .command('doctor')
      .description('check this machine, and what runs on the workspace: server, worker, journal, channels, triggers'),
    async ({ config, output }) => {
      const findings = await examine(config);
      const width = Math.max(...findings.map(({ what }) => what.length));
      for (const { what, level, ...finding } of findings) {
        output.json({ what, level, ...finding });
        output.line(
          `${output.style(colors[level], level.padEnd(4))}  ${safeText(what.padEnd(width))} ${safeText(finding.said)}`,
        );
      }
      return findings.every(({ ok }) => ok) ? exitCodes.success : exitCodes.failed;
    },
  );
}
