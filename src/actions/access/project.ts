import type { Project } from '../../contracts/access.ts';
import type { Actor } from '../../contracts/actor.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { requireName } from './require-name.ts';

/** By name. */
export async function listProjects({ access }: Pick<OpenStore, 'access'>): Promise<Project[]> {
  return await access.listProjects();
}

/** @throws ACCESS_NAME_INVALID, PROJECT_EXISTS */
export async function createProject(
  { audited }: Pick<OpenStore, 'audited'>,
  project: { name: string; description: string },
  actor: Actor,
): Promise<Project> {
  requireName('project', project.name);
  const { name, description } = project;
  return await audited(({ access }) => access.createProject(project), {
    actor,
    action: 'project.create',
    subject: name,
    details: { description },
  });
}
