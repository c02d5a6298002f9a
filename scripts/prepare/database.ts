import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type Prepared, readStamp, sourcesBelow, stampName, stampOf } from './stamp.ts';
import { swapFolder } from './swap.ts';

/** Makes the empty database that new workspaces start from, when PGlite, its packing or the migrations changed. */
export async function prepareDatabase(root: string): Promise<Prepared> {
  const target = join(root, 'assets/database');
  const { packTemplate, pgliteVersion, templateFile } = await import('../../src/store/database/template.ts');
  const store = join(root, 'src/store');
  const sources = ['template.ts', 'create.ts', 'migrate.ts'].map((name) => join(store, 'database', name));
  const migrations = await sourcesBelow(join(store, 'migrations'));
  const stamp = await stampOf(root, [...sources, ...migrations], `pglite ${pgliteVersion()}`);
  if (stamp === (await readStamp(target))) return { changed: false };
  const { initialise } = await import('../../src/store/database/create.ts');
  const { openStore } = await import('../../src/store/open-store.ts');
  const scratch = await mkdtemp(join(tmpdir(), 'mitate-database-'));
  try {
    await initialise(join(scratch, 'db'));
    await (await openStore({ workspace: scratch }))[Symbol.asyncDispose]();
    const bytes = await packTemplate(join(scratch, 'db'));
    await swapFolder(target, async (fresh) => {
      await writeFile(join(fresh, basename(templateFile())), bytes);
      await writeFile(join(fresh, stampName), stamp);
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return { changed: true };
}
