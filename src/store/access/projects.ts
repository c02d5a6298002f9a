import { asc, eq } from 'drizzle-orm';
import { MitateError } from '../../errors/index.ts';
import type { Queryable } from '../database/connect.ts';
import type { RepositoryContext } from '../database/context.ts';
import { projects } from '../database/schema.ts';
import type { AccessStore } from './contract.ts';

export function projectRepository({
  database,
  now,
}: RepositoryContext): Pick<AccessStore, 'createProject' | 'setStage' | 'listProjects'> {
  return {
    async createProject(project) {
      const [made] = await database
        .insert(projects)
        .values({ ...project, createdAt: now() })
        .onConflictDoNothing()
        .returning();
      if (made === undefined) throw new MitateError('PROJECT_EXISTS', { name: project.name });
      return made;
    },

    async setStage(name, stage) {
      const [set] = await database.update(projects).set({ stage }).where(eq(projects.name, name)).returning();
      return set ?? null;
    },

    listProjects: async () => database.select().from(projects).orderBy(asc(projects.name)),
  };
}

export async function requireProject(database: Queryable, name: string): Promise<void> {
  const [found] = await database.select().from(projects).where(eq(projects.name, name));
  if (found === undefined) throw new MitateError('PROJECT_UNKNOWN', { name });
}
