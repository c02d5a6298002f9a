import type { Command } from 'commander';
import { examine } from '../../actions/workspace/doctor.ts';
import { action, exitCodes } from '../cli.ts';
import { safeText } from '../output/safe-text.ts';

export function registerDoctor(program: Command): void {
  action(
    program.command('doctor').description('check that this machine has everything Mitate needs'),
    async ({ config, output }) => {
      const findings = await examine(config);
      for (const { what, ok, said } of findings) {
        output.json({ what, ok, said });
        output.line(
          `${ok ? output.style('green', 'ok  ') : output.style('red', 'FAIL')}  ${what.padEnd(22)} ${safeText(said)}`,
        );
      }
      return findings.every(({ ok }) => ok) ? exitCodes.success : exitCodes.failed;
    },
  );
}
