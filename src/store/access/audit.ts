import { and, desc, eq, lt } from 'drizzle-orm';
import type { RepositoryContext } from '../database/context.ts';
import { auditLog } from '../database/schema.ts';
import type { AccessStore } from './contract.ts';

export function auditRepository({ database }: RepositoryContext): Pick<AccessStore, 'listAudit'> {
  return {
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
