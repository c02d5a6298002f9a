import type { Command } from 'commander';
import { createProject, listProjects } from '../../actions/access/project.ts';
import { withStore } from '../../actions/with-store.ts';
import { actor } from '../access.ts';
import { action } from '../cli.ts';
import { moment } from '../output/moment.ts';

export function registerProject(program: Command): void {
  const project = program
    .command('project')
    .description('manage projects, each with its own data, keys and roles: create, list');
  const create = project
    .command('create <name>')
    .description('create a project; select it with --project')
    .option('--description <text>', 'purpose of the project', '');
  action(create, async ({ config, output }, name: string, { description }: { description: string }) => {
    const made = await withStore(config, { attach: true }, (store) =>
      createProject(store, { name, description }, actor()),
    );
    output.json(made);
    output.line(`Created project ${output.style('bold', made.name)}. Select it with --project ${made.name}.`);
  });
  action(project.command('list').description('list all projects'), async ({ config, output }) => {
    const projects = await withStore(config, { attach: true }, listProjects);
    for (const each of projects) output.json(each);
    output.table(
      ['NAME', 'CREATED', 'DESCRIPTION'],
      projects.map(({ name, createdAt, description }) => [name, moment(createdAt), description]),
    );
  });
}
