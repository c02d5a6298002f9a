import { Argument, type Command } from 'commander';
import { createProject, listProjects, setStage, shareWorker } from '../../actions/access/project.ts';
import { type Stage, stageSchema } from '../../contracts/access.ts';
import { openRunQueue } from '../../orchestrator/queue/run-queue.ts';
import { action } from '../cli.ts';
import { commandLogger } from '../command-logger.ts';
import { moment } from '../output/moment.ts';

export function registerProject(program: Command): void {
  const project = program
    .command('project')
    .description('manage projects, each with its own data, keys and roles: create, list, stage, share-worker');
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
  const stage = project
    .command('stage <name>')
    .description('set the stage of a project; releases for another stage are refused')
    .addArgument(new Argument('<stage>', 'stage').choices([...stageSchema.options, 'none']));
  action(stage, async ({ inStore, output, by }, name: string, chosen: Stage | 'none') => {
    const set = await inStore((store) => setStage(store, name, chosen === 'none' ? null : chosen, by.actor));
    output.json(set);
    output.line(set.stage === null ? `${name} has no stage.` : `${name} is ${set.stage}.`);
  });
  action(project.command('list').description('list all projects'), async ({ inStore, output }) => {
    const projects = await inStore(listProjects);
    for (const each of projects) output.json(each);
    output.table(
      ['NAME', 'CREATED', 'STAGE', 'DESCRIPTION'],
      projects.map(({ name, createdAt, stage, description }) => [name, moment(createdAt), stage, description]),
    );
  });
}
