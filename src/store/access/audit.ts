import { and, desc } from 'drizzle-orm';
import { eqIf, ltIf } from '../database/conditions.ts';
import type { RepositoryContext } from '../database/context.ts';
import { auditLog } from '../database/schema.ts';
import type { AccessStore } from './contract.ts';

export function auditRepository({ database }: RepositoryContext): Pick<AccessStore, 'listAudit'> {
  return {
    async listAudit({ project, before, limit }) {
      return database
        .select()
        .from(auditLog)
        .where(and(eqIf(auditLog.project, project), ltIf(auditLog.seq, before)))
        .orderBy(desc(auditLog.seq))
        .limit(limit ?? 100);
    },
  };
}
