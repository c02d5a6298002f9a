import { sha256 } from '../../codecs/digest.ts';
import { GraphBuilder, type Value } from '../../onnx/graph-builder.ts';
import type { Backbone, Tap } from '../backbone.ts';
import { channelsFirst, pooledFeatures } from '../features.ts';
import type { LiteEntry } from '../table.ts';
import type { TorchTensor } from '../torch/checkpoint.ts';
import { blocks, stemChannels } from './blocks.ts';
import { checkedTensors } from './checked-tensors.ts';
import { foldedConvolution } from './folded-convolution.ts';

/**
 * EfficientNet-Lite0 as a backbone: pixels in, normalised, the blocks up to the last tap, pooled features out.
 * Tap `block_8_expand_relu` is the ReLU6 behind the expansion of block 8, counted from 0.
 * @throws CheckpointError when the tensors are not those of EfficientNet-Lite0
 */
export function buildLite(entry: LiteEntry, checkpoint: Map<string, TorchTensor>): Backbone {
  const tensors = checkedTensors(checkpoint);
  const { width, height } = entry.preprocess;
  const graph = new GraphBuilder(entry.name);
  const pixels = graph.input('pixels', 'uint8', ['N', height, width, 3]);
  const scaled = graph.op('Mul', [channelsFirst(graph, pixels), graph.scalar(entry.normalisation.scale)]);
  const image = graph.op('Add', [scaled, graph.scalar(entry.normalisation.offset)], {}, 'image');
  const network: Network = { graph, tensors };
  addBlocks(network, { value: image, channels: 3, height, width }, Math.max(...entry.taps.map(blockOf)));
  const taps = tapSizes(entry);
  const embeddingSize = 2 * taps.reduce((sum, tap) => sum + tap.channels, 0);
  const features = pooledFeatures(
    graph,
    taps.map(({ name }) => graph.value(name)),
    'features',
  );
  graph.output('features', features, 'float32', ['N', embeddingSize]);
  const bytes = graph.toBytes();
  return {
    name: entry.name,
    digest: sha256(bytes),
    bytes,
    preprocess: entry.preprocess,
    embeddingSize,
    taps,
  };
}

/** Names and sizes of the taps, as `buildLite` makes them. */
export function tapSizes({ taps, preprocess }: LiteEntry): Tap[] {
  return taps.map((name) => {
    const block = blockOf(name);
    // the stem halves, and so does each stride before the block's own, which follows its expansion
    const strides = blocks.slice(0, block).reduce((product, { stride }) => product * stride, 2);
    const [height, width] = [preprocess.height, preprocess.width].map((side) => Math.ceil(side / strides)) as [
      number,
      number,
    ];
    return { name, channels: blocks[block]!.expanded, height, width };
  });
}

function blockOf(tap: string): number {
  return Number(/^block_(\d+)_expand_relu$/.exec(tap)![1]);
}

interface FeatureMap {
  value: Value;
  channels: number;
  height: number;
  width: number;
}

interface Network {
  graph: GraphBuilder;
  tensors: Map<string, TorchTensor>;
}

function addBlocks(network: Network, image: FeatureMap, last: number): void {
  let map = convolution(network, image, {
    conv: '_conv_stem',
    norm: '_bn0',
    kernel: 3,
    stride: 2,
    outputs: stemChannels,
  });
  map = relu6(network, map, 'stem_relu');
  for (const [i, { kernel, stride, inputs, expanded, outputs }] of blocks.slice(0, last + 1).entries()) {
    const of = (conv: string, norm: string) => ({ conv: `_blocks.${i}.${conv}`, norm: `_blocks.${i}.${norm}` });
    let inner = map;
    if (expanded !== inputs) {
      inner = convolution(network, inner, { ...of('_expand_conv', '_bn0'), kernel: 1, stride: 1, outputs: expanded });
      inner = relu6(network, inner, `block_${i}_expand_relu`);
    }
    const depthwise = { ...of('_depthwise_conv', '_bn1'), kernel, stride, outputs: expanded, depthwise: true };
    inner = relu6(network, convolution(network, inner, depthwise), `block_${i}_depthwise_relu`);
    const project = { ...of('_project_conv', '_bn2'), kernel: 1, stride: 1, outputs };
    inner = convolution(network, inner, project);
    const isResidual = stride === 1 && inputs === outputs;
    map = isResidual
      ? { ...inner, value: network.graph.op('Add', [inner.value, map.value], {}, `block_${i}_add`) }
      : inner;
  }
}

function relu6({ graph }: Network, map: FeatureMap, name: string): FeatureMap {
  const value = graph.op('Clip', [map.value, graph.scalar(0), graph.scalar(6)], {}, name);
  return { ...map, value };
}

function convolution(
  { graph, tensors }: Network,
  input: FeatureMap,
  layer: { conv: string; norm: string; kernel: number; stride: number; outputs: number; depthwise?: boolean },
): FeatureMap {
  const { kernel, stride, outputs } = layer;
  const [top, bottom] = samePadding(input.height, kernel, stride);
  const [left, right] = samePadding(input.width, kernel, stride);
  const { weight, bias } = foldedConvolution(graph, tensors, layer);
  const value = graph.op('Conv', [input.value, weight, bias], {
    kernel_shape: [kernel, kernel],
    strides: [stride, stride],
    dilations: [1, 1],
    pads: [top, left, bottom, right],
    group: layer.depthwise ? outputs : 1,
  });
  return {
    value,
    channels: outputs,
    height: Math.ceil(input.height / stride),
    width: Math.ceil(input.width / stride),
  };
}

/** TensorFlow's `SAME`: ceil(size / stride) outputs; the odd zero goes to the end. */
function samePadding(size: number, kernel: number, stride: number): [before: number, after: number] {
  const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + kernel - size);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}
