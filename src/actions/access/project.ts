import type { AccessStore, Project } from '../../store/access/contract.ts';
import { requireName } from './require-name.ts';

/** @throws ACCESS_NAME_INVALID, PROJECT_EXISTS */
export async function createProject(
  access: AccessStore,
  project: { name: string; description: string },
): Promise<Project> {
  requireName('project', project.name);
  return await access.createProject(project);
}
