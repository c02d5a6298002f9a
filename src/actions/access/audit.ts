import type { AuditEntry } from '../../contracts/audit.ts';
import type { OpenStore } from '../../store/open-store.ts';

/** Of the store's project, newest first. @param page `before`: `seq` of the last entry of the previous page */
export async function listAudit(
  { access, project }: Pick<OpenStore, 'access' | 'project'>,
  page: { before?: number; limit?: number },
): Promise<AuditEntry[]> {
  return await access.listAudit({ project, ...page });
}
