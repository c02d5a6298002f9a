import type { ErrorCode } from '../errors/index.ts';
import type { OpenStore } from '../store/open-store.ts';

export interface DatabaseProblem {
  code: ErrorCode;
  since: Date;
  forMs: number;
}

export interface DatabaseWatch extends Disposable {
  /** Null while the database answers. */
  problem(): DatabaseProblem | null;
}

const lookMs = 1_000;
/** A query over a million rows takes 0.6 s: behind several of them the database is slow and not down. */
const silentMs = 10_000;

/** Asks the database each second. */
export function watchDatabase({ databaseProblem }: Pick<OpenStore, 'databaseProblem'>): DatabaseWatch {
  let found: (Omit<DatabaseProblem, 'forMs'> & { atMs: number }) | null = null;
  let askedAtMs: number | null = null;
  const note = (code: ErrorCode | null) => {
    found = code && { since: new Date(), atMs: performance.now(), ...found, code };
  };
  const look = async () => {
    if (askedAtMs !== null) {
      if (performance.now() - askedAtMs > silentMs) note('DATABASE_UNREACHABLE');
      return;
    }
    askedAtMs = performance.now();
    note((await databaseProblem())?.code ?? null);
    askedAtMs = null;
  };
  const timer = setInterval(() => void look(), lookMs).unref();
  return {
    problem: () => found && { code: found.code, since: found.since, forMs: performance.now() - found.atMs },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
