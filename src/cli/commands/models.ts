import type { Command } from 'commander';
import { listModels } from '../../actions/models/models.ts';
import { action } from '../cli.ts';
import { moment } from '../output/moment.ts';

export function registerModels(program: Command): void {
  action(program.command('models').description('registered models'), async ({ config, output }) => {
    const models = await listModels(config);
    for (const model of models) output.json(model);
    if (models.length === 0) return output.line('No models yet. A run whose model is blessed registers one.');
    output.table(
      ['MODEL', '#VERSIONS', 'CHAMPION', 'SINCE'],
      models.map(({ name, versions, champion, createdAt }) => [
        name,
        versions,
        champion === null ? '–' : `${name}@${champion}`,
        moment(createdAt),
      ]),
    );
  });
}
