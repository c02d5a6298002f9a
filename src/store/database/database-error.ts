import { DrizzleQueryError } from 'drizzle-orm/errors';
import { MitateError } from '../../errors/index.ts';

/** PostgreSQL's class 53: disk_full. */
const diskFull = '53100';
const connectionLost = /terminated|ended|ECONNRESET|EPIPE|ECONNREFUSED|ENOENT|not queryable|timeout exceeded/i;

export interface FailedDatabase {
  /** Path, or URL without password. */
  name: string;
  embedded: boolean;
  /** Why the embedded database ended; null while it runs. */
  ended: () => string | null;
}

/** A query's error as a catalogue error; its message contains neither the query nor its values. */
export function databaseError(error: unknown, { name, embedded, ended }: FailedDatabase): MitateError {
  if (error instanceof MitateError) return error;
  const cause = (error instanceof DrizzleQueryError ? error.cause : error) as { code?: string; message?: string };
  const reason = cause?.message ?? String(cause);
  const stopped = ended();
  if (cause?.code === diskFull || /no space left/i.test(`${reason} ${stopped}`))
    return new MitateError('DISK_FULL', { path: name }, { cause });
  const lost = connectionLost.test(`${cause?.code} ${reason}`);
  // the connection may break before the end of the process is noticed
  if (embedded && (lost || stopped !== null))
    return new MitateError('DATABASE_STOPPED', { path: name, reason: stopped ?? reason }, { cause });
  if (lost) return new MitateError('DATABASE_UNREACHABLE', { database: name, reason }, { cause });
  return new MitateError('INTERNAL', { reason: `database: ${reason}` }, { cause });
}
