import type { RepositoryContext } from '../database/context.ts';
import { auditRepository } from './audit.ts';
import type { AccessStore } from './contract.ts';
import { keyRepository } from './keys.ts';
import { projectRepository } from './projects.ts';
import { sessionRepository } from './sessions.ts';
import { userRepository } from './users.ts';

export function accessRepository(context: RepositoryContext): AccessStore {
  return {
    ...projectRepository(context),
    ...keyRepository(context),
    ...userRepository(context),
    ...sessionRepository(context),
    ...auditRepository(context),
  };
}
