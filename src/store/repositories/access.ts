import type { AccessStore } from '../access-store.ts';
import { auditRepository } from './access/audit.ts';
import { keyRepository } from './access/keys.ts';
import { projectRepository } from './access/projects.ts';
import { sessionRepository } from './access/sessions.ts';
import { userRepository } from './access/users.ts';
import type { RepositoryContext } from './context.ts';

export function accessRepository(context: RepositoryContext): AccessStore {
  return {
    ...projectRepository(context),
    ...keyRepository(context),
    ...userRepository(context),
    ...sessionRepository(context),
    ...auditRepository(context),
  };
}
