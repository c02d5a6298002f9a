import type { Command } from 'commander';
import { createProject, listProjects, shareWorker } from '../../actions/access/project.ts';
import { openRunQueue } from '../../orchestrator/queue/run-queue.ts';
import { action } from '../cli.ts';
import { commandLogger } from '../command-logger.ts';
import { moment } from '../output/moment.ts';

export function registerProject(program: Command): void {
  const project = program
    .command('project')
    .description('manage projects, each with its own data, keys and roles: create, list, share-worker');
  const create = project
    .command('create <name>')
    .description('create a project; select it with --project')
    .option('--description <text>', 'purpose of the project', '');
  action(create, async ({ inStore, output, by }, name: string, { description }: { description: string }) => {
    const made = await inStore((store) => createProject(store, { name, description }, by.actor));
    output.json(made);
    output.line(`Created project ${output.style('bold', made.name)}. Select it with --project ${made.name}.`);
  });
  const share = project
    .command('share-worker <name>')
    .description('let the common worker execute the runs of a project again, after "worker --project <name>"');
  action(share, async ({ inStore, output, by }, name: string) => {
    await inStore(async (store) => {
      await using queue = await openRunQueue(store, { logger: commandLogger(output) });
      await shareWorker(store, queue, name, by.actor);
    });
    output.line(`The common worker executes the runs of ${name}.`);
  });
  action(project.command('list').description('list all projects'), async ({ inStore, output }) => {
    const projects = await inStore(listProjects);
    for (const each of projects) output.json(each);
    output.table(
      ['NAME', 'CREATED', 'DESCRIPTION'],
      projects.map(({ name, createdAt, description }) => [name, moment(createdAt), description]),
    );
  });
}
