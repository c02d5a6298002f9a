import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';
import { extract, pack } from 'tar-stream';
import { packageRoot } from '../../config/package-root.ts';

const entry = fileURLToPath(import.meta.resolve('@electric-sql/pglite'));
/** Of the installed PGlite. */
export const pgliteVersion = (): string =>
  JSON.parse(readFileSync(join(dirname(entry), '../package.json'), 'utf8')).version;

/**
 * A migrated database without rows, built by `npm run prepare`: unpacking it takes 0.3 s of CPU time, initdb and the migrations 7 s. Named for its
 * PGlite: another one may have another file format.
 */
export const templateFile = (): string => join(packageRoot, 'assets', 'database', `pglite-${pgliteVersion()}.tar.br`);

/**
 * The folder of a closed database as tar, in brotli with a window of 16 MB: PostgreSQL's three copies of the catalogue are 7 MB apart, so
 * 39 MB become 1.2 MB (4.5 MB with gzip).
 */
export async function packTemplate(folder: string): Promise<Buffer> {
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

/** @returns false without a template, as in a source tree before `npm run prepare` */
export async function unpackTemplate(folder: string): Promise<boolean> {
  const file = templateFile();
  if (!existsSync(file)) return false;
  const tar = extract();
  tar.end(await promisify(brotliDecompress)(await readFile(file)));
  // 1,200 small files: written one by one, they cost a fifth of what they do through the thread pool
  for await (const entry of tar) {
    const path = join(folder, entry.header.name);
    const content = await buffer(entry as unknown as AsyncIterable<Buffer>);
    if (entry.header.type === 'directory') mkdirSync(path);
    else writeFileSync(path, content, { mode: 0o600 });
  }
  return true;
}
