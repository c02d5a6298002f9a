import { type Command, Option } from 'commander';
import { runStep } from '../../actions/runs/run-step.ts';
import { type ArtifactAccess, artifactAccesses } from '../../orchestrator/engine/artifact-access.ts';
import { action } from '../cli.ts';
import { printOutcome } from '../output/run-outcome.ts';
import { runView } from '../output/run-view.ts';

interface Flags {
  pipeline: string;
  executorInput: string;
  definition?: string;
  job?: string;
  artifacts: ArtifactAccess;
}

export function registerStep(program: Command): void {
  const command = program
    .command('step <name>')
    .description('run one step of a compiled pipeline; Kubeflow Pipelines and Vertex AI call it in a container')
    .requiredOption('--pipeline <file>', 'pipeline file')
    .requiredOption('--executor-input <json>', 'inputs and places of outputs, as the engine fills them in')
    .option('--definition <digest>', 'digest of the compiled pipeline, which the pipeline file must have')
    .option('--job <name>', 'name of the whole run, for the note on the step')
    .addOption(
      new Option(
        '--artifacts <access>',
        'how the step reaches artifacts: in mounted folders, or by the API of the storage',
      )
        .choices(artifactAccesses)
        .default('mounted'),
    )
    .addHelpText('after', '\n"mitate compile" writes this call; see docs/guides/engines.md.');
  action(command, async ({ config, output, signal, allowStop }, step: string, flags: Flags) => {
    const view = runView(output, { interactive: config.terminal.interactive, explain: false });
    const run = await runStep({
      ...{ config, step, signal },
      file: flags.pipeline,
      executorInput: flags.executorInput,
      definition: flags.definition ?? null,
      job: flags.job ?? null,
      artifacts: flags.artifacts,
      onEvent: (event) => {
        allowStop(0);
        view(event);
      },
    });
    return printOutcome(output, run, false);
  });
}
