import type { Command } from 'commander';
import { listModels } from '../../actions/models/models.ts';
import { action } from '../cli.ts';
import { moment } from '../output/moment.ts';

export function registerModels(program: Command): void {
  action(program.command('models').description('list registered models'), async ({ inStore, output }) => {
    const models = await inStore(listModels);
    output.list(
      models,
      'No models yet. A run registers its model when it is blessed.',
      ({ name, versions, champion, createdAt }) => ({
        MODEL: name,
        '#VERSIONS': versions,
        CHAMPION: champion === null ? '–' : `${name}@${champion}`,
        CREATED: moment(createdAt),
      }),
    );
  });
}
