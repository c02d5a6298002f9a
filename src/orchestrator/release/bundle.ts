import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { extract, pack as newPack } from 'tar-stream';
import { MitateError } from '../../errors/index.ts';
import { type Code, type CodeFile, maxBytes, maxFiles } from './collect-code.ts';
import { manifestName, manifestOf, manifestSchema } from './manifest.ts';

const folder = 'project/';

/** tar.gz of the code. The same code gives the same bytes under one version of zlib. */
export async function packBundle({ entry, files }: Code): Promise<Buffer> {
  const pack = newPack();
  const header = { mtime: new Date(0), mode: 0o644 };
  pack.entry({ ...header, name: manifestName }, manifestOf({ entry }));
  for (const { path, content } of files) pack.entry({ ...header, name: folder + path }, content);
  pack.finalize();
  return await promisify(gzip)(await buffer(pack as unknown as NodeJS.ReadableStream), { level: 9 });
}

/**
 * Reads an untrusted bundle: only regular files with safe names, within the size limits of a release.
 * @throws RELEASE_BUNDLE_INVALID
 */
export async function unpackBundle(bundle: Uint8Array): Promise<Code> {
  try {
    // headers and padding of tar: 1 kB a file
    const tar = await promisify(gunzip)(bundle, { maxOutputLength: maxBytes + (maxFiles + 10) * 1024 });
    return await readTar(tar);
  } catch (error) {
    if (error instanceof MitateError) throw error;
    throw invalid((error as Error).message, error);
  }
}

async function readTar(tar: Buffer): Promise<Code> {
  const archive = extract();
  archive.end(tar);
  const files: CodeFile[] = [];
  let entry: string | undefined;
  for await (const part of archive) {
    const { name, type } = part.header;
    const content = await buffer(part as unknown as NodeJS.ReadableStream);
    if (type !== 'file') throw invalid(`"${name}" is a ${type}, not a file`);
    if (name === manifestName) entry = manifestSchema.parse(JSON.parse(content.toString('utf8'))).entry;
    else files.push({ path: safePath(name), content });
    if (files.length > maxFiles) throw invalid(`it has more than ${maxFiles} files`);
  }
  if (new Set(files.map(({ path }) => path)).size < files.length) throw invalid('it contains a file twice');
  if (entry === undefined || !files.some(({ path }) => path === entry)) throw invalid('its pipeline file is not in it');
  return { entry, files: files.sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

function safePath(name: string): string {
  const path = name.slice(folder.length);
  const parts = path.split('/');
  const isSafe =
    name.startsWith(folder) &&
    !/[\\\0:]/.test(path) &&
    parts.every((part) => !['', '.', '..', '.git', 'node_modules'].includes(part.toLowerCase()));
  if (!isSafe) throw invalid(`"${name.slice(0, 200)}" is not a safe name`);
  return path;
}

function invalid(reason: string, cause?: unknown): MitateError {
  return new MitateError('RELEASE_BUNDLE_INVALID', { reason }, { cause });
}
