import { createProject } from '../../actions/access/project.ts';
import { projectSchema } from '../../contracts/access.ts';
import { createProjectSchema } from '../../contracts/api/access.ts';
import { pageQuerySchema, pageSchema } from '../../contracts/api/page.ts';
import type { ApiContext } from '../context.ts';
import { pageOf } from '../page.ts';
import type { ZodApp } from '../plugins/zod.ts';
import { actorOf, requires, requiresServerAdmin } from '../principal.ts';

const tags = ['access'];

export function projectRoutes(app: ZodApp, { storeOf }: ApiContext): void {
  app.get(
    '/api/v1/projects',
    {
      onRequest: requires('admin'),
      schema: {
        tags,
        summary: 'Projects that the caller may see',
        querystring: pageQuerySchema,
        response: { 200: pageSchema(projectSchema) },
      },
    },
    async (request) => {
      const { kind, project } = request.principal;
      const all = await storeOf(request).access.listProjects();
      const seen = kind === 'local' ? all : all.filter(({ name }) => name === project);
      return pageOf(seen, request.query, ({ name }) => name);
    },
  );

  app.post(
    '/api/v1/projects',
    {
      onRequest: requiresServerAdmin(),
      config: { audit: null },
      schema: { tags, summary: 'Make a project', body: createProjectSchema, response: { 201: projectSchema } },
    },
    async (request, reply) => {
      const made = await createProject(storeOf(request), request.body, actorOf(request));
      return await reply.code(201).send(made);
    },
  );
}
