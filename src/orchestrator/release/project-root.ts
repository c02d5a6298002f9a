import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { configFileNames } from '../../config/environments.ts';
import { manifestName } from './manifest.ts';

const marks = [...configFileNames, 'package.json', '.git', manifestName];

/** The nearest parent folder with a project mark, else the file's own folder. Links are followed. */
export function projectRoot(file: string): string {
  const start = dirname(realpathSync(file));
  for (let folder = start; ; folder = dirname(folder)) {
    if (marks.some((mark) => existsSync(join(folder, mark)))) return folder;
    if (folder === dirname(folder)) return start;
  }
}
