import { isMitateError, MitateError, reasonOf } from '../../errors/index.ts';
import { fileError } from '../../store/workspace/file-error.ts';

export function stepError(error: unknown, step: string, log: string): MitateError {
  if (error instanceof MitateError) return error;
  const { code, path } = (error ?? {}) as NodeJS.ErrnoException;
  if (['ENOSPC', 'EDQUOT', 'EROFS', 'EIO'].includes(code ?? '')) return fileError(error, path ?? 'a file');
  return new MitateError('STEP_FAILED', { step, reason: reasonOf(error), log }, { cause: error });
}

/** Whether another attempt may succeed: not after a cancel, nor after a 4xx, whose cause is the input. */
export function isTransient(error: MitateError): boolean {
  return !isMitateError(error, 'CANCELLED') && error.status >= 500;
}
