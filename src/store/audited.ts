import { eq } from 'drizzle-orm';
import type { NewAuditEntry } from '../contracts/audit.ts';
import type { Transaction } from './database/connect.ts';
import type { RepositoryContext } from './database/context.ts';
import { onlyRow } from './database/only-row.ts';
import { auditLog } from './database/schema.ts';
import type { Repositories } from './repositories.ts';

/**
 * Makes a change and writes its audit row in the same transaction. The change must use the repositories that it
 * receives: those of the store would wait for this transaction, which holds the only connection of the embedded database.
 */
export type Audited = <T>(
  change: (within: Repositories) => Promise<T>,
  entry: NewAuditEntry | ((changed: T) => NewAuditEntry),
) => Promise<T>;

/** One action in several transactions. The first writes the row; later ones update its subject and details. */
export const auditedIn =
  (context: RepositoryContext, repositories: (context: RepositoryContext) => Repositories) => (): Audited => {
    let seq: number | null = null;
    return async (change, entry) => {
      const done = await context.database.transaction(async (tx) => {
        const changed = await change(repositories({ ...context, database: tx }));
        const row = typeof entry === 'function' ? entry(changed) : entry;
        return { changed, seq: await writeEntry(tx, context, seq, row) };
      });
      // valid only after the commit
      seq = done.seq;
      return done.changed;
    };
  };

async function writeEntry(
  tx: Transaction,
  { project, now }: RepositoryContext,
  seq: number | null,
  { actor, action, subject, details = {} }: NewAuditEntry,
): Promise<number> {
  const { name: who, door, requestId = null, address = null } = actor;
  const row = { project, at: now(), who, action, subject, details, requestId, door, address };
  if (seq === null) {
    return onlyRow(await tx.insert(auditLog).values(row).returning({ seq: auditLog.seq })).seq;
  }
  await tx.update(auditLog).set({ subject, details }).where(eq(auditLog.seq, seq));
  return seq;
}
