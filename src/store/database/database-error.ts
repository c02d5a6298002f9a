import { DrizzleQueryError } from 'drizzle-orm/errors';
import { MitateError } from '../../errors/index.ts';

/** PostgreSQL's class 53: disk_full. */
const diskFull = '53100';
const connectionLost = /terminated|ended|ECONNRESET|EPIPE|ECONNREFUSED|ENOENT|not queryable|timeout exceeded/i;

/** What a query threw, as a catalogue error. The query's text and values stay out of the message. */
export function databaseError(
  error: unknown,
  { path, ended }: { path: string; ended: () => string | null },
): MitateError {
  if (error instanceof MitateError) return error;
  const cause = (error instanceof DrizzleQueryError ? error.cause : error) as { code?: string; message?: string };
  const reason = cause?.message ?? String(cause);
  const stopped = ended();
  if (cause?.code === diskFull || /no space left/i.test(`${reason} ${stopped}`))
    return new MitateError('DISK_FULL', { path }, { cause });
  if (stopped !== null) return new MitateError('DATABASE_STOPPED', { path, reason: stopped }, { cause });
  if (connectionLost.test(`${cause?.code} ${reason}`))
    return new MitateError('DATABASE_UNREACHABLE', { database: path, reason }, { cause });
  return new MitateError('INTERNAL', { reason: `database: ${reason}` }, { cause });
}
