import { join } from 'node:path';
import type { Command } from 'commander';
import { describeRun } from '../../actions/runs/describe-run.ts';
import { cancelRun, listRuns, retryRun, showRun } from '../../actions/runs/runs.ts';
import type { RunState } from '../../contracts/run.ts';
import { action } from '../cli.ts';
import { wholeNumber } from '../options/parse-number.ts';
import { duration } from '../output/duration.ts';
import { moment } from '../output/moment.ts';
import { printOutcome } from '../output/run-outcome.ts';
import { runView } from '../output/run-view.ts';
import { safeText } from '../output/safe-text.ts';
import { registerCompare } from './runs-compare.ts';
import { registerRunsImport } from './runs-import.ts';
import { registerRunsQueue } from './runs-queue.ts';

export function registerRuns(program: Command): void {
  const runs = program
    .command('runs')
    .description('manage pipeline runs: list, show, note, compare, cancel, retry, import, queue');
  registerList(runs);
  registerShow(runs);
  registerNote(runs);
  registerCompare(runs);
  registerCancel(runs);
  registerRetry(runs);
  registerRunsImport(runs);
  registerRunsQueue(runs);
}

interface ListFlags {
  pipeline?: string;
  state?: RunState;
  experiment?: string;
  limit: number;
}

function registerList(runs: Command): void {
  const command = runs
    .command('list', { isDefault: true })
    .description('list runs, newest first')
    .option('--pipeline <name>', 'only this pipeline')
    .option('--state <state>', 'only this state: running, succeeded, failed or cancelled')
    .option('--experiment <name>', 'only this experiment')
    .option('--limit <n>', 'maximum number of runs', wholeNumber, 20);
  action(command, async ({ inStore, output }, flags: ListFlags) => {
    const found = await inStore((store) => listRuns(store, flags));
    output.list(found, 'No runs yet. Start one with "mitate run <pipeline.ts>".', (run) => ({
      RUN: run.id,
      PIPELINE: run.pipeline,
      STATE: run.state,
      STARTED: moment(run.startedAt),
      '#DURATION': run.finishedAt ? duration((run.finishedAt.getTime() - run.startedAt.getTime()) / 1000) : '',
      BY: run.who,
      EXPERIMENT: run.experiment,
      NOTE: run.note,
    }));
  });
}

function registerShow(runs: Command): void {
  const command = runs.command('show <id>').description('show a run and its steps (id prefix, or "latest")');
  action(command, async ({ inStore, output }, id: string) => {
    const details = await inStore((store) => showRun(store, id));
    output.json(details);
    const { run, executions } = details;
    output.line(`${run.pipeline}  ${run.id}  ${run.state}  started ${moment(run.startedAt)} by ${safeText(run.who)}`);
    output.line(
      `parameters ${safeText(JSON.stringify(run.parameters))}  seed ${run.seed}  commit ${run.gitCommit ?? '–'}`,
    );
    if (run.experiment !== null) output.line(`experiment ${safeText(run.experiment)}`);
    if (run.note !== null) output.line(`note ${safeText(run.note)}`);
    output.table(
      ['STEP', 'STATE', '#DURATION', 'OUTPUTS', 'DETAILS'],
      executions.map((execution) => [
        execution.step,
        execution.state,
        execution.finishedAt ? duration((execution.finishedAt.getTime() - execution.startedAt.getTime()) / 1000) : '',
        execution.outputs.map(({ key, artifact }) => `${key}:${artifact.id.slice(0, 8)}`).join(' '),
        execution.error ? `${execution.error.code}: ${execution.error.message}` : execution.summary,
      ]),
    );
    const outputs = executions.flatMap((execution) => execution.outputs.map(({ artifact }) => artifact));
    for (const { properties } of outputs.filter(({ type }) => type === 'PushedModel'))
      if (properties.version !== undefined) output.line(`Registered ${properties.modelName}@${properties.version}.`);
    const evaluation = outputs.find(({ type }) => type === 'ModelEvaluation');
    if (evaluation) output.line(`Report: ${safeText(join(evaluation.uri, 'report.html'))}`);
    if (run.error) output.problem(run.error);
  });
}

function registerNote(runs: Command): void {
  const command = runs
    .command('note <id> [text]')
    .description('set the note of a run ("": none), or its experiment')
    .option('--experiment <name>', 'experiment that the run belongs to ("": none)');
  action(
    command,
    async ({ inStore, output, by }, id: string, text: string | undefined, flags: { experiment?: string }) => {
      // an empty text clears what was there
      const orNone = (given: string | undefined) => (given === '' ? null : given);
      const description = { experiment: orNone(flags.experiment), note: orNone(text) };
      const { experiment, note, ...run } = await inStore((store) => describeRun(store, id, description, by.actor));
      output.json({ id: run.id, experiment, note });
      output.line(`${run.id}: experiment ${safeText(experiment ?? '–')}, note ${safeText(note ?? '–')}`);
    },
  );
}

function registerCancel(runs: Command): void {
  const command = runs.command('cancel <id>').description('cancel a run in progress');
  action(command, async ({ inStore, output, by }, id: string) => {
    const run = await inStore((store) => cancelRun(store, id, by.actor));
    output.json({ id: run.id, cancelRequested: true });
    output.line(`Requested cancellation of ${run.id}.`);
  });
}

function registerRetry(runs: Command): void {
  const command = runs
    .command('retry <id>')
    .description('run the same file with the same parameters again; finished steps come from the cache');
  action(command, async ({ config, output, signal }, id: string) => {
    const onEvent = runView(output, { interactive: config.terminal.interactive, explain: false });
    return printOutcome(output, await retryRun(config, id, { signal, onEvent }), false);
  });
}
