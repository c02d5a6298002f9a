import type { Conversion, Feature } from './conversion.ts';
import type { KerasLayer } from './layers-model.ts';
import { noPadding, onnxPads, type Padding, placesAlong, samePadding } from './padding.ts';
import { batchNormAffine, type ChannelAffine, dequantised, foldedKernel, weightOf } from './weights.ts';

/** Axes of [out, in / group, height, width] in Keras' [height, width, in, out] and, depthwise, [height, width, in, 1]. */
const kernelOrder = [3, 2, 0, 1] as const;
const depthwiseOrder = [2, 3, 0, 1] as const;

/** Conv2D or DepthwiseConv2D, with the preceding zero padding and the following batch norm folded in. */
export function convolution(conversion: Conversion, layer: KerasLayer, [input]: [Feature, ...Feature[]]): Feature {
  const { graph, model } = conversion;
  const depthwise = layer.class_name === 'DepthwiseConv2D';
  const { kernel_size: kernel, strides, dilation_rate: dilations = [1, 1], activation = 'linear' } = layer.config;
  if (!kernel || !strides || activation !== 'linear' || (layer.config.depth_multiplier ?? 1) !== 1) {
    throw new Error(`layer ${layer.name}: unsupported kind of convolution`);
  }
  const weight = weightOf(model, `${layer.name}/${depthwise ? 'depthwise_kernel' : 'kernel'}`);
  const channels = weight.shape[depthwise ? 2 : 3]!;
  const { factor, shift } = affineOf(conversion, layer, channels);
  const order = depthwise ? depthwiseOrder : kernelOrder;
  const padding = paddingBefore(layer, input, kernel, strides, dilations);
  const value = graph.op(
    'Conv',
    [
      input.value,
      foldedKernel(graph, layer.name, weight, order, factor),
      graph.constant(Float32Array.from(shift), [channels], { name: `${layer.name}/bias` }),
    ],
    { kernel_shape: kernel, strides, dilations, pads: onnxPads(padding), group: depthwise ? channels : 1 },
    layer.name,
  );
  const { top, left, bottom, right } = padding;
  return {
    value,
    channels,
    height: placesAlong(input.height, top, bottom, kernel[0], strides[0], dilations[0]),
    width: placesAlong(input.width, left, right, kernel[1], strides[1], dilations[1]),
    padding: noPadding,
  };
}

/** The batch norm that is the convolution's only consumer, combined with the convolution's bias. */
function affineOf({ model, readers }: Conversion, layer: KerasLayer, channels: number): ChannelAffine {
  const bias = layer.config.use_bias ? dequantised(weightOf(model, `${layer.name}/bias`)) : new Float64Array(channels);
  const next = readers.get(layer.name) ?? [];
  const norms = next.filter((reader) => reader.class_name === 'BatchNormalization');
  if (norms.length === 0) return { factor: new Float64Array(channels).fill(1), shift: bias };
  if (next.length > 1) throw new Error(`layer ${layer.name}: it has other consumers than its batch norm`);
  const affine = batchNormAffine(model, norms[0]!.name, norms[0]!.config.epsilon ?? 1e-3);
  return { factor: affine.factor, shift: affine.shift.map((value, c) => value + bias[c]! * affine.factor[c]!) };
}

function paddingBefore(
  layer: KerasLayer,
  input: Feature,
  kernel: readonly [number, number],
  strides: readonly [number, number],
  dilations: readonly [number, number],
): Padding {
  if (layer.config.padding !== 'same') return input.padding;
  const { padding: p } = input;
  const [top, bottom] = samePadding(input.height + p.top + p.bottom, kernel[0], strides[0], dilations[0]);
  const [left, right] = samePadding(input.width + p.left + p.right, kernel[1], strides[1], dilations[1]);
  return { top: p.top + top, left: p.left + left, bottom: p.bottom + bottom, right: p.right + right };
}
