import type { Command } from 'commander';
import { listModels } from '../../actions/models/models.ts';
import { withStore } from '../../actions/with-store.ts';
import { action } from '../cli.ts';
import { moment } from '../output/moment.ts';

export function registerModels(program: Command): void {
  action(program.command('models').description('list registered models'), async ({ config, output }) => {
    const models = await withStore(config, { attach: true }, listModels);
    for (const model of models) output.json(model);
    output.table(
      ['MODEL', '#VERSIONS', 'CHAMPION', 'CREATED'],
      models.map(({ name, versions, champion, createdAt }) => [
        name,
        versions,
        champion === null ? '–' : `${name}@${champion}`,
        moment(createdAt),
      ]),
      'No models yet. A run registers its model when it is blessed.',
    );
  });
}
