import type { Command } from 'commander';
import { initProject } from '../../actions/workspace/init/init.ts';
import { shellWord } from '../../codecs/shell-word.ts';
import { action } from '../cli.ts';
import { safeText } from '../output/safe-text.ts';
import { makeAsUser } from '../user-files.ts';

export function registerInit(program: Command): void {
  const command = program
    .command('init <dir>')
    .description('scaffold a runnable project; "init ." in a folder that has photos keeps what is there');
  action(command, async ({ output }, dir: string) => {
    makeAsUser();
    const { folder, files, pipeline, photos } = await initProject(dir);
    const word = (name: string) => safeText(shellWord(name));
    output.json({ folder, files, pipeline, photos });
    output.line(`Written to ${safeText(folder)}: ${files.join(', ')}`);
    output.line('\nNext:');
    output.line(`  ${dir === '.' ? '' : `cd ${word(dir)} && `}npm install`);
    if (photos.toMove.length > 0)
      output.line(`  mkdir -p photos && mv ${photos.toMove.map(word).join(' ')} photos/   # the label folders`);
    else if (!photos.exists)
      output.line(
        '  npm run sample      # draw sample leaves in photos/, or put your own photos there, a folder per label',
      );
    output.line(`  npm start           # train on ${word(photos.folder)}/, evaluate and register a model`);
    output.line(`  npm run check       # compile ${pipeline}: wrong wiring is an error`);
  });
}
