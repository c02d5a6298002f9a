import { writeFile } from 'node:fs/promises';
import { fileReason, MitateError } from '../../errors/index.ts';

/** Writes a file named on the command line. @throws FILE_UNWRITABLE */
export async function writeOutput(path: string, data: string | Uint8Array): Promise<void> {
  await writeFile(path, data).catch((cause: unknown) => {
    throw new MitateError('FILE_UNWRITABLE', { path, reason: fileReason(cause) }, { cause });
  });
}
