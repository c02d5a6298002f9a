import type { Principal, Project, Stage } from '../../contracts/access.ts';
import type { Actor } from '../../contracts/actor.ts';
import { MitateError } from '../../errors/index.ts';
import type { RunQueue } from '../../orchestrator/queue/run-queue.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { requireName } from './require-name.ts';

/** By name. */
export async function listProjects({ access }: Pick<OpenStore, 'access'>): Promise<Project[]> {
  return await access.listProjects();
}

/** Names of those that a caller may choose. */
export async function projectsOf(
  { access }: Pick<OpenStore, 'access'>,
  { kind, id, project }: Pick<Principal, 'kind' | 'id' | 'project'>,
): Promise<string[]> {
  if (kind === 'local') return (await access.listProjects()).map(({ name }) => name);
  if (kind !== 'user') return [project];
  return Object.keys((await access.findUser(id))?.roles ?? {}).sort();
}

/** Ends that a project has a worker of its own. @throws PROJECT_RUNS_WAITING */
export async function shareWorker(
  { audited }: Pick<OpenStore, 'audited'>,
  queue: RunQueue,
  name: string,
  actor: Actor,
): Promise<void> {
  await audited(
    async (within) => {
      if ((await queue.hasOwnWorker(name, within)) && !(await queue.release(name, within)))
        throw new MitateError('PROJECT_RUNS_WAITING', { project: name });
    },
    { actor, action: 'project.share-worker', subject: name },
  );
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

/** States what this place is to the pipelines that are deployed to the project. @throws PROJECT_UNKNOWN */
export async function setStage(
  { audited }: Pick<OpenStore, 'audited'>,
  name: string,
  stage: Stage | null,
  actor: Actor,
): Promise<Project> {
  return await audited(
    async ({ access }) => {
      const set = await access.setStage(name, stage);
      if (set === null) throw new MitateError('PROJECT_UNKNOWN', { name });
      return set;
    },
    { actor, action: 'project.stage', subject: name, details: { stage } },
  );
}
