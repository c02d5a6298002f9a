import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { pack } from 'tar-stream';
import { type Prepared, readStamp, sourcesBelow, stampName, stampOf } from './stamp.ts';
import { swapFolder } from './swap.ts';

/** Makes the empty database that new workspaces start from, when PGlite, its packing or the migrations changed. */
export async function prepareDatabase(root: string): Promise<Prepared> {
  const target = join(root, 'assets/database');
  const { pgliteVersion, templateFile } = await import('../../src/store/database/template.ts');
  const store = join(root, 'src/store');
  const sources = ['template.ts', 'create.ts', 'migrate.ts'].map((name) => join(store, 'database', name));
  const migrations = await sourcesBelow(join(store, 'migrations'));
  const stamp = await stampOf(
    root,
    [...sources, ...migrations, join(root, 'scripts/prepare/database.ts')],
    `pglite ${pgliteVersion()}`,
  );
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

/**
 * The folder of a closed database as tar, in brotli with a window of 16 MB: PostgreSQL's three copies of the catalogue are 7 MB apart, so
 * 39 MB become 1.2 MB (4.5 MB with gzip).
 */
async function packTemplate(folder: string): Promise<Buffer> {
  const tar = pack();
  const bytes = buffer(tar);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.map((entry) => ({ entry, path: join(entry.parentPath, entry.name) }));
  for (const { entry, path } of paths.sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const name = path.slice(folder.length + 1).replaceAll('\\', '/');
    if (entry.isDirectory()) tar.entry({ name, type: 'directory', mtime: new Date(0) });
    else tar.entry({ name, mtime: new Date(0), size: (await stat(path)).size }, await readFile(path));
  }
  tar.finalize();
  const { BROTLI_PARAM_LGWIN, BROTLI_PARAM_QUALITY } = constants;
  return promisify(brotliCompress)(await bytes, { params: { [BROTLI_PARAM_LGWIN]: 24, [BROTLI_PARAM_QUALITY]: 9 } });
}
