import { MitateError, toMitateError } from '../../errors/index.ts';

/** A failed read or write as a catalogue error, where one applies: DISK_FULL, DISK_FAILED, WORKSPACE_READ_ONLY or FILE_UNREADABLE. */
export function fileError(error: unknown, path: string): MitateError {
  if (error instanceof MitateError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') return new MitateError('DISK_FULL', { path }, { cause: error });
  if (code === 'EIO') return new MitateError('DISK_FAILED', { path }, { cause: error });
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM')
    return new MitateError('WORKSPACE_READ_ONLY', { path, reason: message }, { cause: error });
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new MitateError('FILE_UNREADABLE', { path, reason: message }, { cause: error });
  return toMitateError(error);
}
