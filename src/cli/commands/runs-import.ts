import type { Command } from 'commander';
import { importRun } from '../../actions/runs/import-run.ts';
import { action } from '../cli.ts';
import { safeText } from '../output/safe-text.ts';

export function registerRunsImport(runs: Command): void {
  const command = runs
    .command('import <uri>')
    .description(
      'register and deploy the model that a job on Kubeflow Pipelines or Vertex AI pushed without a database',
    )
    .addHelpText(
      'after',
      '\n<uri>: the output pushedModel of the job, such as gs://bucket/.../pushedModel; see docs/guides/engines.md.',
    );
  action(command, async ({ config, inStore, output, signal }, uri: string) => {
    const imported = await inStore((store) => importRun(store, { config, uri, signal }));
    output.json(imported);
    const { modelName, version, endpoint, runId } = imported;
    const where = endpoint === null ? '' : `, endpoint ${safeText(endpoint)}`;
    output.line(`Registered ${safeText(modelName)} version ${version}${where}: run ${runId}`);
  });
}
