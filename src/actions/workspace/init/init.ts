import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { packageRoot } from '../../../config/package-root.ts';
import { MitateError } from '../../../errors/index.ts';
import { findPhotos, type PhotosFound } from './find-photos.ts';
import { manifestOf } from './package-json.ts';

export interface InitResult {
  folder: string;
  /** Files that were written or extended. */
  files: string[];
  /** File name of the pipeline. */
  pipeline: string;
  photos: PhotosFound;
}

const ignored = ['node_modules/', '.mitate/', 'photos/'];

/**
 * A runnable project: the leaf pipeline, a package.json that depends on this Mitate, a tsconfig.json with which wrong wiring does not compile, a
 * .gitignore. Files that are there are kept: package.json and .gitignore are extended, README.md and tsconfig.json left alone.
 * @throws INIT_FOLDER_NOT_EMPTY when the folder has a pipeline already, INIT_PACKAGE_INVALID
 */
export async function initProject(dir: string): Promise<InitResult> {
  const folder = resolve(dir);
  await mkdir(folder, { recursive: true });
  const example = ['pipeline.ts', 'pipeline.mts'].find((name) => existsSync(join(folder, name)));
  if (example !== undefined) throw new MitateError('INIT_FOLDER_NOT_EMPTY', { folder, example });
  const photos = await findPhotos(folder);
  const { manifest, isModule } = await manifestOf(folder, photos.folder);
  const pipeline = isModule ? 'pipeline.ts' : 'pipeline.mts';
  const files = [pipeline, 'package.json', '.gitignore'];
  const template = join(packageRoot, 'examples', 'leaf');
  await copyFile(join(template, 'pipeline.ts'), join(folder, pipeline));
  for (const name of ['README.md', 'tsconfig.json']) {
    if (existsSync(join(folder, name))) continue;
    await copyFile(join(template, name), join(folder, name));
    files.push(name);
  }
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  await ignore(join(folder, '.gitignore'));
  return { folder, files: files.sort(), pipeline, photos };
}

async function ignore(path: string): Promise<void> {
  const before = await readFile(path, 'utf8').catch(() => '');
  const lines = before.split(/\r?\n/);
  const missing = ignored.filter((entry) => !lines.includes(entry));
  if (missing.length === 0) return;
  const separator = before === '' || before.endsWith('\n') ? '' : '\n';
  await writeFile(path, `${before}${separator}${missing.join('\n')}\n`);
}
