import type { Command } from 'commander';
import { initProject } from '../../actions/workspace/init.ts';
import { action } from '../cli.ts';
import { safeText } from '../output/safe-text.ts';

export function registerInit(program: Command): void {
  const command = program.command('init <dir>').description('make a project that runs as it is');
  action(command, async ({ output }, dir: string) => {
    const { folder, files } = await initProject(dir);
    output.json({ folder, files });
    output.line(`Made ${safeText(folder)}: ${files.join(', ')}`);
    output.line('\nNext:');
    output.line(`  cd ${safeText(dir)} && npm install`);
    output.line('  npm run sample      # draws leaves into photos/; or put yours there, a folder per label');
    output.line('  npm start           # photos to a judged, registered model');
  });
}
