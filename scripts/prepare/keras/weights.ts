import type { GraphBuilder, Value } from '../../../src/onnx/graph-builder.ts';
import type { LayersModel, QuantisedWeight } from './layers-model.ts';

/** A weight's values, float64. */
export function dequantised(weight: QuantisedWeight): Float64Array {
  return Float64Array.from(weight.bytes, (byte) => weight.min + weight.scale * byte);
}

export function weightOf(model: LayersModel, name: string): QuantisedWeight {
  const weight = model.weights.get(name);
  if (!weight) throw new Error(`the Keras model has no weight "${name}"`);
  return weight;
}

/** Batch norm of each channel at inference: y = factor x + shift. */
export interface ChannelAffine {
  factor: Float64Array;
  shift: Float64Array;
}

/** factor = gamma / sqrt(variance + epsilon), shift = beta - mean factor. Source: Ioffe and Szegedy 2015, algorithm 2. */
export function batchNormAffine(model: LayersModel, layer: string, epsilon: number): ChannelAffine {
  const values = (name: string) => dequantised(weightOf(model, `${layer}/${name}`));
  const optional = (name: string) => (model.weights.has(`${layer}/${name}`) ? values(name) : undefined);
  const mean = values('moving_mean');
  const gamma = optional('gamma');
  const beta = optional('beta');
  const factor = values('moving_variance').map((variance, c) => (gamma?.[c] ?? 1) / Math.sqrt(variance + epsilon));
  return { factor, shift: factor.map((value, c) => (beta?.[c] ?? 0) - mean[c]! * value) };
}

/**
 * A convolution's kernel as uint8 behind Cast, Mul, Add, with each output channel scaled by `factor`.
 * ONNX Runtime folds the three at load; DequantizeLinear it does not, which costs 10 ms an image instead of 6.
 * @param order the stored axis of each of [out, in / group, height, width]
 */
export function foldedKernel(
  graph: GraphBuilder,
  name: string,
  weight: QuantisedWeight,
  order: readonly [number, number, number, number],
  factor: Float64Array,
): Value {
  const shape = order.map((axis) => weight.shape[axis]!);
  const kernel = graph.constant(permuted(weight, order), shape, { name: `${name}/kernel_u8` });
  const perChannel = (values: Float64Array, suffix: string) =>
    graph.constant(Float32Array.from(values), [values.length, 1, 1, 1], { name: `${name}/${suffix}` });
  const scale = perChannel(
    factor.map((value) => value * weight.scale),
    'scale',
  );
  const offset = perChannel(
    factor.map((value) => value * weight.min),
    'offset',
  );
  return graph.op('Add', [graph.op('Mul', [graph.cast(kernel, 'float32'), scale]), offset], {}, `${name}/kernel`);
}

function permuted(weight: QuantisedWeight, order: readonly number[]): Uint8Array {
  const strides = weight.shape.map((_, axis) =>
    weight.shape.slice(axis + 1).reduce((product, dim) => product * dim, 1),
  );
  const [a, b, c, d] = order.map((axis) => ({ size: weight.shape[axis]!, stride: strides[axis]! })) as [
    Axis,
    Axis,
    Axis,
    Axis,
  ];
  const out = new Uint8Array(weight.bytes.length);
  let to = 0;
  for (let i = 0; i < a.size; i++)
    for (let j = 0; j < b.size; j++)
      for (let k = 0; k < c.size; k++)
        for (let l = 0; l < d.size; l++)
          out[to++] = weight.bytes[i * a.stride + j * b.stride + k * c.stride + l * d.stride]!;
  return out;
}
interface Axis {
  size: number;
  stride: number;
}
