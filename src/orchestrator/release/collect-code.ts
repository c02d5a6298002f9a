import { realpathSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname, extname, join, relative, resolve, sep } from 'node:path';
import { digestOf, sha256 } from '../../codecs/digest.ts';
import { MitateError } from '../../errors/index.ts';
import { importsIn, type ModuleNeeds } from './imports-in.ts';
import { projectRoot } from './project-root.ts';

/** A pipeline file and everything that it imports from its project. */
export interface Code {
  /** Path of the pipeline file. */
  entry: string;
  files: CodeFile[];
}

export interface CodeFile {
  /** Relative to the project's folder, with forward slashes. */
  path: string;
  content: Buffer;
}

export const maxFiles = 1_000;
export const maxBytes = 4 * 1024 * 1024;
const modules = ['.ts', '.mts', '.js', '.mjs'];

/**
 * Follows imports within the project's folder, and files that modules refer to by URL. The project's package.json is included, since it decides the
 * module format.
 * @throws RELEASE_IMPORT_UNKNOWN, RELEASE_FILE_OUTSIDE, RELEASE_TOO_LARGE, FILE_UNREADABLE, PIPELINE_FILE_INVALID
 */
export async function collectCode(file: string): Promise<Code> {
  const entry = realpathSync(file);
  const root = projectRoot(entry);
  const found = new Map<string, Buffer>();
  const waiting = [entry];
  await take(join(root, 'package.json'), found).catch(() => {});
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (found.has(path)) continue;
    const content = await take(path, found);
    if (found.size > maxFiles || bytesOf(found) > maxBytes) throw tooLarge(found);
    if (modules.includes(extname(path))) waiting.push(...(await neededBy(path, content, root)));
  }
  const files = [...found].map(([path, content]) => ({ path: inside(root, path), content }));
  return { entry: inside(root, entry), files: files.sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

/** Over paths, contents and the entry. */
export function codeDigest({ entry, files }: Code): string {
  return digestOf({ entry, files: files.map(({ path, content }) => ({ path, sha256: sha256(content) })) });
}

/** Digest of a pipeline file and its imports as they are now; null where they cannot be released. */
export async function codeDigestOf(file: string): Promise<string | null> {
  return await collectCode(file).then(codeDigest, () => null);
}

async function take(path: string, found: Map<string, Buffer>): Promise<Buffer> {
  try {
    const { size } = await stat(path);
    if (size > maxBytes) throw tooLarge(found, size);
    const content = await readFile(path);
    found.set(path, content);
    return content;
  } catch (error) {
    if (error instanceof MitateError) throw error;
    throw new MitateError('FILE_UNREADABLE', { path, reason: (error as Error).message }, { cause: error });
  }
}

async function neededBy(path: string, content: Buffer, root: string): Promise<string[]> {
  const { imports, files, unknown } = await needsOf(path, content.toString('utf8'));
  if (unknown !== null) throw new MitateError('RELEASE_IMPORT_UNKNOWN', { path, specifier: unknown, root });
  const own = imports.filter((specifier) => !isProvided(specifier));
  const foreign = own.find((specifier) => !/^\.{1,2}\//.test(specifier));
  if (foreign !== undefined) throw new MitateError('RELEASE_IMPORT_UNKNOWN', { path, specifier: foreign, root });
  return [...own, ...files].map((specifier) => within(root, path, specifier));
}

async function needsOf(path: string, source: string): Promise<ModuleNeeds> {
  try {
    return await importsIn(source);
  } catch (error) {
    const { message } = error as Error;
    const hint = 'Correct the file; "npx tsc --noEmit" shows every error.';
    throw new MitateError('PIPELINE_FILE_INVALID', { path, reason: message, hint }, { cause: error });
  }
}

/** Provided by Node or by the running Mitate. */
const isProvided = (specifier: string) => specifier === 'mitate' || specifier.startsWith('node:');

function within(root: string, from: string, specifier: string): string {
  const path = resolve(dirname(from), decodeURIComponent(specifier.replace(/[?#].*$/, '')));
  const real = realOf(path);
  if (real.startsWith(root + sep) && !real.includes(`${sep}node_modules${sep}`)) return real;
  throw new MitateError('RELEASE_FILE_OUTSIDE', { path: from, specifier, root });
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

const inside = (root: string, path: string) => relative(root, path).split(sep).join('/');
const bytesOf = (found: Map<string, Buffer>) => [...found.values()].reduce((sum, { length }) => sum + length, 0);

function tooLarge(found: Map<string, Buffer>, more = 0): MitateError {
  return new MitateError('RELEASE_TOO_LARGE', {
    files: found.size,
    bytes: bytesOf(found) + more,
    maxFiles,
    maxBytes,
  });
}
