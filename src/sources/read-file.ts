import { lstatSync, readlinkSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { MitateError } from '../errors/index.ts';
import { maxFileBytes } from './source-item.ts';

/** The error for a path of the source that cannot be read. @param shown as it is named in the message */
export function unreadable(source: string, path: string, error: unknown, shown = path): MitateError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const { reason, fix } = causeOf(path, code) ?? { reason: code || message, fix: 'Check its path and disk' };
  return new MitateError('SOURCE_UNREADABLE', { source, path: shown, reason, fix }, { cause: error });
}

function causeOf(path: string, code: string): { reason: string; fix: string } | null {
  if (code === 'EACCES' || code === 'EPERM')
    return { reason: code, fix: 'Give the user who runs Mitate read permission (chmod -R u+rX)' };
  if (code === 'ELOOP')
    return { reason: 'it is a link that leads back to itself', fix: 'Put the photo or folder itself in its place' };
  if (code !== 'ENOENT') return null;
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink())
    return {
      reason: `it is a link to ${readlinkSync(path)}, which does not exist`,
      fix: 'Correct the link, or put the photo itself in its place',
    };
  if (!path.includes('\uFFFD'))
    return { reason: 'it is gone', fix: 'Run again when no other process writes to the source' };
  return { reason: 'its name is not UTF-8', fix: 'Rename it, for example with "convmv -f shift_jis -t utf8 --notest"' };
}

/** Bytes of one image file. @throws SOURCE_UNREADABLE, SOURCE_FILE_TOO_LARGE */
export async function readImageFile(source: string, path: string, filename: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size > maxFileBytes) throw new MitateError('SOURCE_FILE_TOO_LARGE', { filename, limitBytes: maxFileBytes });
    return await readFile(path);
  } catch (error) {
    throw error instanceof MitateError ? error : unreadable(source, path, error, filename);
  }
}
