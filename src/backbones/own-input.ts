import type { OwnBackbone } from '../contracts/backbone.ts';
import type { Graph } from '../onnx/graph.ts';
import type { GraphBuilder, Value } from '../onnx/graph-builder.ts';

export interface OwnInput {
  name: string;
  dtype: 'float32' | 'uint8';
  layout: 'nchw' | 'nhwc';
  height: number;
  width: number;
}

/** The entry's input, completed from the shape in the file. */
export function inputOf(graph: Graph, own: OwnBackbone, misfit: (reason: string) => never): OwnInput {
  const ports = graph.inputs.filter((port) => !graph.initializers.has(port.name));
  const names = ports.map((port) => port.name).join(', ');
  const port = own.input.name === undefined ? ports[0] : ports.find(({ name }) => name === own.input.name);
  if (!port) return misfit(`it has no input "${own.input.name}"; its inputs are ${names}`);
  if (ports.length !== 1) return misfit(`it has ${ports.length} inputs (${names}); a backbone has one`);
  const { dtype, shape } = port;
  if (dtype !== 'float32' && dtype !== 'uint8') return misfit(`its input is ${dtype}; expected float32 or uint8`);
  if (shape?.length !== 4) return misfit(`its input has shape [${shape?.join(', ')}]; expected four axes`);
  const layout =
    own.input.layout ??
    (shape[1] === 3 ? 'nchw' : shape[3] === 3 ? 'nhwc' : misfit('set input.layout: the input shape is ambiguous'));
  const [heightAxis, widthAxis] = layout === 'nchw' ? [2, 3] : [1, 2];
  const side = (axis: number, name: 'height' | 'width'): number => {
    const stated = shape[axis];
    const given = own.input[name];
    if (typeof stated !== 'number') return given ?? misfit(`set input.${name}: the input shape leaves it open`);
    if (given !== undefined && given !== stated)
      return misfit(`input.${name} is ${given}, but the model has ${stated}`);
    return stated;
  };
  return { name: port.name, dtype, layout, height: side(heightAxis, 'height'), width: side(widthAxis, 'width') };
}

/** uint8 [N, H, W, 3] -> the model's input. uint8 models get the unchanged bytes. */
export function normalisedInput(
  graph: GraphBuilder,
  pixels: Value,
  { dtype, layout }: OwnInput,
  own: OwnBackbone,
): Value {
  const { channels, mean, std } = own.input;
  const ordered = channels === 'bgr' ? graph.op('Gather', [pixels, graph.int64([2, 1, 0])], { axis: 3 }) : pixels;
  const scaled =
    dtype === 'uint8' ? ordered : normalised(graph, ordered, inOrder(mean, channels), inOrder(std, channels));
  return layout === 'nchw' ? graph.op('Transpose', [scaled], { perm: [0, 3, 1, 2] }) : scaled;
}

/** Mean and std are given for red, green, blue. */
function inOrder(values: readonly number[], channels: 'rgb' | 'bgr'): number[] {
  return channels === 'bgr' ? values.toReversed() : [...values];
}

/** (byte / 255 - mean) / std, as byte * 1 / (255 std) - mean / std. */
function normalised(graph: GraphBuilder, pixels: Value, mean: number[], std: number[]): Value {
  const scale = graph.constant(Float32Array.from(std, (value) => 1 / (255 * value)));
  const shift = graph.constant(Float32Array.from(mean, (value, c) => value / std[c]!));
  return graph.op('Sub', [graph.op('Mul', [graph.cast(pixels, 'float32'), scale]), shift]);
}
