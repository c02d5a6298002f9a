import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Prepared, readStamp, stampName, stampOf } from './stamp.ts';
import { swapFolder } from './swap.ts';

/** Makes the empty database that new workspaces start from, when PGlite or its packing changed. */
export async function prepareDatabase(root: string): Promise<Prepared> {
  const target = join(root, 'assets/database');
  const entry = fileURLToPath(import.meta.resolve('@electric-sql/pglite'));
  const about = join(dirname(entry), '../package.json');
  const { version } = JSON.parse(await readFile(about, 'utf8')) as { version: string };
  const sources = ['template.ts', 'create.ts'].map((name) => join(root, 'src/store/database', name));
  const stamp = await stampOf(root, sources, `pglite ${version}`);
  if (stamp === (await readStamp(target))) return { changed: false };
  const { initialise } = await import('../../src/store/database/create.ts');
  const { packTemplate, templateFile } = await import('../../src/store/database/template.ts');
  const scratch = await mkdtemp(join(tmpdir(), 'mitate-database-'));
  try {
    await initialise(join(scratch, 'db'));
    const bytes = await packTemplate(join(scratch, 'db'));
    await swapFolder(target, async (fresh) => {
      await writeFile(join(fresh, templateFile.slice(target.length + 1)), bytes);
      await writeFile(join(fresh, stampName), stamp);
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return { changed: true };
}
