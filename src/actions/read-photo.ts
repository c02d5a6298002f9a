import { readFile } from 'node:fs/promises';
import { fileReason, MitateError } from '../errors/index.ts';

/** The bytes of a file from the command line. @throws FILE_UNREADABLE */
export async function readPhoto(path: string): Promise<Uint8Array> {
  return await readFile(path).catch((cause: unknown) => {
    throw new MitateError('FILE_UNREADABLE', { path, reason: fileReason(cause) }, { cause });
  });
}
