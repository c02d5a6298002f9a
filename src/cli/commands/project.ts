import type { Command } from 'commander';
import { createProject } from '../../actions/access/project.ts';
import { withStore } from '../../actions/with-store.ts';
import { actor, withAccess } from '../access.ts';
import { action } from '../cli.ts';
import { moment } from '../output/moment.ts';

export function registerProject(program: Command): void {
  const project = program
    .command('project')
    .description('projects, whose rows, keys and roles are apart: create, list');
  const create = project
    .command('create <name>')
    .description('make a project; --project names it from then on')
    .option('--description <text>', 'what it is for', '');
  action(create, async ({ config, output }, name: string, { description }: { description: string }) => {
    const made = await withStore(config, { attach: true }, (store) =>
      createProject(store, { name, description }, actor()),
    );
    output.json(made);
    output.line(`Project ${output.style('bold', made.name)} is there: --project ${made.name}`);
  });
  action(project.command('list').description('all projects'), async ({ config, output }) => {
    const projects = await withAccess(config, (access) => access.listProjects());
    for (const each of projects) output.json(each);
    output.table(
      ['NAME', 'MADE', 'DESCRIPTION'],
      projects.map(({ name, createdAt, description }) => [name, moment(createdAt), description]),
    );
  });
}
