import { readFile } from 'node:fs/promises';
import { MitateError } from '../errors/index.ts';

const reasons: Record<string, string> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
};

/** The bytes of a file that was named on the command line. @throws FILE_UNREADABLE */
export async function readPhoto(path: string): Promise<Uint8Array> {
  return await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new MitateError('FILE_UNREADABLE', { path, reason: reasons[cause.code ?? ''] ?? cause.message }, { cause });
  });
}
