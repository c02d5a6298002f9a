import type { AuditEntry } from '../../contracts/audit.ts';
import type { AuditFilter } from '../../store/access/contract.ts';
import type { OpenStore } from '../../store/open-store.ts';

/** Of the store's project, newest first. @param filter `before`: `seq` of the last entry of the previous page */
export async function listAudit(
  { access, project }: Pick<OpenStore, 'access' | 'project'>,
  filter: Omit<AuditFilter, 'project'>,
): Promise<AuditEntry[]> {
  return await access.listAudit({ project, ...filter });
}
