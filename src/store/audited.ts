import type { NewAuditEntry } from '../contracts/audit.ts';
import type { Transaction } from './database/connect.ts';
import type { RepositoryContext } from './database/context.ts';
import { auditLog } from './database/schema.ts';
import type { Repositories } from './repositories.ts';

/**
 * Makes a change and writes its row of the audit log in the same transaction: both, or neither. The change works with the repositories that it
 * is given: those of the store would wait for the transaction, which has the embedded database's only connection.
 */
export type Audited = <T>(
  change: (within: Repositories) => Promise<T>,
  entry: NewAuditEntry | ((changed: T) => NewAuditEntry),
) => Promise<T>;

export function auditedIn(
  context: RepositoryContext,
  repositories: (context: RepositoryContext) => Repositories,
): Audited {
  return async (change, entry) =>
    await context.database.transaction(async (tx) => {
      const changed = await change(repositories({ ...context, database: tx }));
      await insertEntry(tx, context, typeof entry === 'function' ? entry(changed) : entry);
      return changed;
    });
}

async function insertEntry(
  tx: Transaction,
  { project, now }: RepositoryContext,
  { actor, action, subject, details = {} }: NewAuditEntry,
): Promise<void> {
  const { name: who, door, requestId = null, address = null } = actor;
  await tx.insert(auditLog).values({ project, at: now(), who, action, subject, details, requestId, door, address });
}
