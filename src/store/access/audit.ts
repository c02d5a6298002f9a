import { and, desc, eq, lt } from 'drizzle-orm';
import type { RepositoryContext } from '../database/context.ts';
import { auditLog } from '../database/schema.ts';
import type { AccessStore } from './contract.ts';

export function auditRepository({ database, now }: RepositoryContext): Pick<AccessStore, 'audit' | 'listAudit'> {
  return {
    async audit(entry) {
      await database.insert(auditLog).values({ ...entry, at: now() });
    },

    async listAudit({ project, before, limit }) {
      return database
        .select()
        .from(auditLog)
        .where(
          and(
            project === undefined ? undefined : eq(auditLog.project, project),
            before === undefined ? undefined : lt(auditLog.seq, before),
          ),
        )
        .orderBy(desc(auditLog.seq))
        .limit(limit ?? 100);
    },
  };
}
