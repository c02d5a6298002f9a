import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Prepared, readStamp, sourcesBelow, stampName, stampOf } from './stamp.ts';
import { swapFolder } from './swap.ts';

/** Compiles src/ to dist/ when it changed. Type errors fail, and the dist/ before stays. Without TypeScript a dist/ that is there stays. */
export async function prepareDist(root: string): Promise<Prepared> {
  const target = join(root, 'dist');
  const before = await readStamp(target);
  const compiler = compilerPath();
  if (!compiler) {
    if (before !== undefined) return { changed: false };
    return { changed: false, problem: 'typescript is not installed. Run "npm ci" with development dependencies.' };
  }
  const sources = await sourcesBelow(join(root, 'src'));
  const settings = ['tsconfig.json', 'tsconfig.build.json', 'package.json', 'package-lock.json'];
  const stamp = await stampOf(root, [...sources, ...settings.map((name) => join(root, name))]);
  if (stamp === before) return { changed: false };
  try {
    await swapFolder(target, async (fresh) => {
      await compile(root, compiler, fresh);
      await copyOthers(join(root, 'src'), sources, fresh);
      await writeOverview(fresh);
      // has a stamp of its own: prepareConsole
      const pages = join(target, 'console');
      if (existsSync(pages)) await cp(pages, join(fresh, 'console'), { recursive: true });
      await writeFile(join(fresh, stampName), stamp);
    });
    return { changed: true };
  } catch (error) {
    return { changed: false, problem: error instanceof Error ? error.message : String(error) };
  }
}

function compilerPath(): string | undefined {
  try {
    const require = createRequire(import.meta.url);
    const about = require.resolve('typescript/package.json');
    const { bin } = require(about) as { bin: { tsc: string } };
    return join(dirname(about), bin.tsc);
  } catch {
    return undefined;
  }
}

function compile(root: string, compiler: string, outDir: string): Promise<void> {
  const child = spawn(process.execPath, [compiler, '-p', 'tsconfig.build.json', '--outDir', outDir], {
    cwd: root,
    stdio: 'inherit',
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (code === 0) resolve();
      else
        reject(
          new Error(signal ? `the compiler was ended by ${signal}` : 'type errors, see above; nothing was replaced'),
        );
    });
  });
}

/** SQL migrations and the like: all that the compiler leaves behind. */
async function copyOthers(from: string, sources: string[], to: string): Promise<void> {
  for (const source of sources.filter((path) => !path.endsWith('.ts'))) {
    const target = join(to, relative(from, source));
    await mkdir(dirname(target), { recursive: true });
    await cp(source, target);
  }
}

/** For the help of the program, which then loads no command. */
async function writeOverview(dist: string): Promise<void> {
  const program = join(dist, 'cli/program.js');
  if (!existsSync(program)) return;
  const { commandOverview } = await import(pathToFileURL(program).href);
  await writeFile(join(dist, 'cli/commands/overview.json'), JSON.stringify(await commandOverview()));
}
