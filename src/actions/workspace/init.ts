import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join, resolve, sep } from 'node:path';
import { packageRoot } from '../../config/package-root.ts';
import { MitateError } from '../../errors/index.ts';

export interface InitResult {
  folder: string;
  files: string[];
}

/** A runnable project: the leaf pipeline, a package.json that depends on this Mitate, a .gitignore. */
export async function initProject(dir: string): Promise<InitResult> {
  const folder = resolve(dir);
  await mkdir(folder, { recursive: true });
  const present = await readdir(folder);
  const [example] = present;
  if (example !== undefined) throw new MitateError('INIT_FOLDER_NOT_EMPTY', { folder, example });
  await cp(join(packageRoot, 'examples', 'leaf'), folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(await manifest(folder), null, 2)}\n`);
  await writeFile(join(folder, '.gitignore'), 'node_modules/\n.mitate/\nphotos/\n');
  return { folder, files: (await readdir(folder)).sort() };
}

async function manifest(folder: string) {
  const own = JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8')) as { version: string };
  const installed = packageRoot.includes(`${sep}node_modules${sep}`);
  return {
    name: basename(folder)
      .toLowerCase()
      .replace(/[^a-z0-9._-]+/g, '-')
      .replace(/^[._-]+/, ''),
    private: true,
    type: 'module',
    scripts: { sample: 'mitate data sample photos', start: 'mitate run pipeline.ts --param images=photos' },
    // A checkout is not in the registry: refer to it by path.
    dependencies: { mitate: installed ? `^${own.version}` : `file:${packageRoot}` },
    devDependencies: { node: '^24.0.0' },
  };
}
