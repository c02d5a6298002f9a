import type { Command } from 'commander';
import { initProject } from '../../actions/workspace/init.ts';
import { action } from '../cli.ts';
import { safeText } from '../output/safe-text.ts';

export function registerInit(program: Command): void {
  const command = program.command('init <dir>').description('scaffold a runnable project');
  action(command, async ({ output }, dir: string) => {
    const { folder, files } = await initProject(dir);
    output.json({ folder, files });
    output.line(`Created ${safeText(folder)}: ${files.join(', ')}`);
    output.line('\nNext:');
    output.line(`  cd ${safeText(dir)} && npm install`);
    output.line(
      '  npm run sample      # draw sample leaves in photos/, or put your own photos there, a folder per label',
    );
    output.line('  npm start           # train, evaluate and register a model');
  });
}
