import { readFile, stat } from 'node:fs/promises';
import { MitateError } from '../errors/index.ts';
import { maxFileBytes } from './source-item.ts';

export function unreadable(source: string, path: string, error: unknown): MitateError {
  const { code, message } = error as NodeJS.ErrnoException;
  return new MitateError('SOURCE_UNREADABLE', { source, path, reason: code ?? message }, { cause: error });
}

/** Bytes of one image file. @throws SOURCE_UNREADABLE, SOURCE_FILE_TOO_LARGE */
export async function readImageFile(source: string, path: string, filename: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size > maxFileBytes) throw new MitateError('SOURCE_FILE_TOO_LARGE', { filename, limitBytes: maxFileBytes });
    return await readFile(path);
  } catch (error) {
    throw error instanceof MitateError ? error : unreadable(source, filename, error);
  }
}
