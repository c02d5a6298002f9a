import { catalogue, type ErrorCode, type ErrorDetails } from './catalogue.ts';
import { reasonOf } from './reason-of.ts';

function fill(template: string, details: Record<string, unknown>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => String(details[name] ?? `{${name}}`));
}

/** The only error class: tagged data first, text last. */
export class MitateError<C extends ErrorCode = ErrorCode> extends Error {
  readonly code: C;
  readonly details: ErrorDetails<C>;
  readonly remedy: string;
  /** HTTP status. */
  readonly status: number;

  constructor(code: C, details: ErrorDetails<C>, options?: { cause?: unknown }) {
    const entry = catalogue[code];
    super(fill(entry.message, details), options);
    this.name = 'MitateError';
    this.code = code;
    this.details = details;
    this.remedy = fill(entry.remedy, details);
    this.status = entry.status;
  }

  toJSON() {
    return { code: this.code, message: this.message, remedy: this.remedy, details: this.details };
  }
}

export function isMitateError<C extends ErrorCode>(error: unknown, code?: C): error is MitateError<C> {
  return error instanceof MitateError && (code === undefined || error.code === code);
}

/** Any error as a catalogue error; a full disk is always `DISK_FULL`, a broken one `DISK_FAILED`, an unknown error `INTERNAL`. Keeps the cause. */
export function toMitateError(error: unknown): MitateError {
  if (error instanceof MitateError) return error;
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  // without the path: it is seldom known, and clients of a server must not see it; the cause has it
  if (code === 'ENOSPC' || code === 'EDQUOT') return new MitateError('DISK_FULL', { path: 'a file' }, { cause: error });
  if (code === 'EROFS')
    return new MitateError(
      'WORKSPACE_READ_ONLY',
      { path: 'or its disk', reason: 'the file system is read-only' },
      { cause: error },
    );
  if (code === 'EIO') return new MitateError('DISK_FAILED', { path: 'a file' }, { cause: error });
  return new MitateError('INTERNAL', { reason: reasonOf(error) }, { cause: error });
}
