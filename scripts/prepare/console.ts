import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { writeIcons } from './icons.ts';
import { type Prepared, readStamp, sourcesBelow, stampName, stampOf } from './stamp.ts';
import { swapFolder } from './swap.ts';

/** What a build takes from outside console/. */
const borrowed = ['src/contracts/api/paths.ts', 'src/inference/explain/heat-colour.ts', 'src/inference/on-device.ts'];
const settings = ['tsconfig.json', 'package-lock.json', 'scripts/prepare/icons.ts'];

/** Builds console/ to dist/console, each file also compressed. Without Vite (a package is installed without it) what is there stays. */
export async function prepareConsole(root: string): Promise<Prepared> {
  const target = join(root, 'dist/console');
  const before = await readStamp(target);
  const vite = viteOf();
  if (!vite) {
    if (before !== undefined) return { changed: false };
    return { changed: false, problem: 'vite is not installed. Run "npm ci" with development dependencies.' };
  }
  const sources = await sourcesBelow(join(root, 'console'), join(root, 'src/client'));
  const files = await withImports(borrowed.map((name) => join(root, name)));
  const stamp = await stampOf(root, [...sources, ...files, ...settings.map((name) => join(root, name))]);
  if (stamp === before) return { changed: false };
  try {
    const { build } = (await import(pathToFileURL(vite).href)) as typeof import('vite');
    await swapFolder(target, async (outDir) => {
      await build({ configFile: join(root, 'console/vite.config.ts'), logLevel: 'error', build: { outDir } });
      await writeIcons(outDir);
      await compressBelow(outDir);
      await writeFile(join(outDir, stampName), stamp);
    });
    return { changed: true };
  } catch (error) {
    return { changed: false, problem: error instanceof Error ? error.message : String(error) };
  }
}

/** The files, and those that they import: not their types. */
async function withImports(files: string[], seen = new Set<string>()): Promise<string[]> {
  for (const file of files) {
    if (seen.has(file)) continue;
    seen.add(file);
    const text = await readFile(file, 'utf8');
    const found = [...text.matchAll(/^(?:import|export) (?!type )[^;]*?from '(\.[^']+)'/gm)];
    await withImports(
      found.map(([, to]) => join(dirname(file), to!)),
      seen,
    );
  }
  return [...seen].sort();
}

function viteOf(): string | undefined {
  try {
    const about = createRequire(import.meta.url).resolve('vite/package.json');
    const entry = join(about, '../dist/node/index.js');
    return existsSync(entry) ? entry : undefined;
  } catch {
    return undefined;
  }
}

const shrink = promisify(gzip);

async function compressBelow(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const texts = entries.filter((entry) => entry.isFile() && /\.(js|css|html|svg|wasm|json)$/.test(entry.name));
  await Promise.all(
    texts.map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      await writeFile(`${path}.gz`, await shrink(await readFile(path), { level: constants.Z_BEST_COMPRESSION }));
    }),
  );
}
