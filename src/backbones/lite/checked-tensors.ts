import type { TorchTensor } from '../torch/checkpoint.ts';
import { CheckpointError } from '../torch/pickle.ts';
import { blocks, stemChannels } from './blocks.ts';

/** Channels of the last convolution, and ImageNet's labels: not used here, but part of a whole checkpoint. */
const lastChannels = 1280;
const imageNetLabels = 1000;

/** Every float tensor of the checkpoint by name. */
function expectedShapes(): Map<string, number[]> {
  const shapes = new Map<string, number[]>();
  const norm = (name: string, channels: number) => {
    for (const each of ['weight', 'bias', 'running_mean', 'running_var']) shapes.set(`${name}.${each}`, [channels]);
  };
  const conv = (name: string, outputs: number, inputs: number, kernel: number) =>
    shapes.set(`${name}.weight`, [outputs, inputs, kernel, kernel]);
  conv('_conv_stem', stemChannels, 3, 3);
  norm('_bn0', stemChannels);
  for (const [i, { inputs, expanded, outputs, kernel }] of blocks.entries()) {
    const block = `_blocks.${i}`;
    if (expanded !== inputs) {
      conv(`${block}._expand_conv`, expanded, inputs, 1);
      norm(`${block}._bn0`, expanded);
    }
    conv(`${block}._depthwise_conv`, expanded, 1, kernel);
    norm(`${block}._bn1`, expanded);
    conv(`${block}._project_conv`, outputs, expanded, 1);
    norm(`${block}._bn2`, outputs);
  }
  conv('_conv_head', lastChannels, blocks.at(-1)!.outputs, 1);
  norm('_bn1', lastChannels);
  shapes.set('_fc.weight', [imageNetLabels, lastChannels]).set('_fc.bias', [imageNetLabels]);
  return shapes;
}

/**
 * The tensors, exactly those of EfficientNet-Lite0.
 * @throws CheckpointError with the first name that is missing, too many, of another shape or not finite
 */
export function checkedTensors(tensors: Map<string, TorchTensor>): Map<string, TorchTensor> {
  const expected = expectedShapes();
  for (const [name, shape] of expected) {
    const tensor = tensors.get(name);
    if (!tensor) throw new CheckpointError(`it has no tensor "${name}"`);
    if (String(tensor.shape) !== String(shape))
      throw new CheckpointError(
        `tensor "${name}" has shape [${tensor.shape.join(', ')}], and [${shape.join(', ')}] is expected`,
      );
    if (!tensor.values.every(Number.isFinite))
      throw new CheckpointError(`tensor "${name}" has numbers that are not finite`);
  }
  const extra = [...tensors.keys()].find((name) => !expected.has(name));
  if (extra !== undefined) throw new CheckpointError(`it has a tensor "${extra}", which EfficientNet-Lite0 does not`);
  return tensors;
}
