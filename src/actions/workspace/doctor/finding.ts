import { toMitateError } from '../../../errors/index.ts';

export type Level = 'ok' | 'warn' | 'fail';

export interface Finding {
  what: string;
  /** `warn`: it works, or may work elsewhere, but somebody should look. */
  level: Level;
  /** False = `fail`. */
  ok: boolean;
  /** The finding, or cause and remedy. */
  said: string;
  /** Null when there is nothing to do. */
  remedy: string | null;
}

/** Result of a check: text when all is well. */
export type Found = string | { level: 'warn' | 'fail'; said: string; remedy: string };

/** One check; what it throws is a `fail`. */
export async function look(what: string, work: () => Promise<Found> | Found): Promise<Finding> {
  const found = await Promise.resolve()
    .then(work)
    .catch((error: unknown) => asFound(error, 'fail'));
  if (typeof found === 'string') return { what, level: 'ok', ok: true, said: found, remedy: null };
  const { level, said, remedy } = found;
  return { what, level, ok: level !== 'fail', said: `${said} ${remedy}`, remedy };
}

export function asFound(error: unknown, level: 'warn' | 'fail'): Exclude<Found, string> {
  const { code, message, remedy } = toMitateError(error);
  return { level, said: `${code}: ${message}`, remedy };
}

/** `12 s`, `5 min`, `3 h`, `4 days`: of a time that passed. */
export function age(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}
