import type { Graph, GraphNode, OnnxModel } from '../graph.ts';
import { prunedGraph } from '../prune.ts';
import { type TensorData, tensorOf } from '../tensor.ts';
import { writeModel } from '../write-model.ts';
import type { QuantisationPlan, QuantisedNode, Range } from './plan.ts';

/** Bits of a weight of dense convolutions; see `denseLimits`. */
export type WeightBits = 7 | 8;

/**
 * Largest quantised weight. Processors without VNNI add pairs of uint8 x int8 products in int16, which overflows: 2 x 255 x 127 > 32,767.
 * With 7 bits it cannot: 2 x 255 x 64 = 32,640. Depthwise kernels are added in int32 everywhere.
 * Source: ONNX Runtime, docs "Quantize ONNX models", "When and why do I need to try U8U8?".
 */
const denseLimits: Record<WeightBits, number> = { 7: 64, 8: 127 };
const depthwiseLimit = 127;

export interface Quantisation {
  plan: QuantisationPlan;
  ranges: ReadonlyMap<string, Range>;
  weightBits: WeightBits;
}

/**
 * ONNX bytes: the model with uint8 activations and int8 weights with one scale per output channel, in the form of QuantizeLinear and DequantizeLinear, which
 * ONNX Runtime fuses to integer kernels. Activations become the saturation of uint8. Source: Jacob et al. 2018, section 2.
 * @param model constants folded, opset >= 13
 */
export function quantised(model: OnnxModel, { plan, ranges, weightBits }: Quantisation): Uint8Array {
  const { graph } = model;
  const initializers = new Map(graph.initializers);
  const scales = new Map([...ranges].map(([name, range]) => [name, scaleOf(range)]));
  for (const [name, { scale, zeroPoint }] of scales) {
    initializers.set(partOf(name, 'scale'), tensorOf(Float32Array.of(scale), []));
    initializers.set(partOf(name, 'zero'), tensorOf(Uint8Array.of(zeroPoint), []));
  }
  const byNode = new Map(plan.nodes.map((planned) => [planned.node, planned]));
  const dropped = new Set(plan.nodes.map(({ activation }) => activation));
  const made = new Set(plan.nodes.map(({ output }) => output));
  const nodes: GraphNode[] = [];
  const add = (node: GraphNode) => {
    const isQuantised = (name: string) => ranges.has(name) && !made.has(name);
    const unrounded = (name: string) => (isQuantised(name) ? partOf(name, 'float') : name);
    nodes.push({ ...node, inputs: node.inputs.map(unrounded), outputs: node.outputs.map(unrounded) });
    nodes.push(...node.outputs.filter(isQuantised).flatMap(rounded));
  };
  for (const node of graph.nodes) {
    if (dropped.has(node)) continue;
    const planned = byNode.get(node);
    if (!planned) add(node);
    else nodes.push(...integerNode(planned, graph, initializers, scales, weightBits), ...rounded(planned.output));
  }
  return writeModel({ ...model, graph: prunedGraph({ ...graph, nodes, initializers }) });
}

interface Scale {
  scale: number;
  zeroPoint: number;
}

function scaleOf({ low, high }: Range): Scale {
  const scale = Math.fround((high - low) / 255) || 1;
  return { scale, zeroPoint: Math.min(255, Math.max(0, Math.round(-low / scale))) };
}

/** Name of what is added for a value of the model. */
const partOf = (name: string, part: string) => `int8/${name}/${part}`;

/** The value's part `float` -> uint8 -> the value. */
function rounded(name: string): GraphNode[] {
  const [scale, zero, stored] = [partOf(name, 'scale'), partOf(name, 'zero'), partOf(name, 'uint8')];
  return [
    linear('QuantizeLinear', [partOf(name, 'float'), scale, zero], stored),
    linear('DequantizeLinear', [stored, scale, zero], name),
  ];
}

function linear(
  type: 'QuantizeLinear' | 'DequantizeLinear',
  inputs: string[],
  output: string,
  axis?: number,
): GraphNode {
  const attributes: GraphNode['attributes'] = new Map();
  if (axis !== undefined) attributes.set('axis', { kind: 'int', value: BigInt(axis) });
  return { type, domain: '', name: partOf(output, type), inputs, outputs: [output], attributes };
}

function integerNode(
  { node, output }: QuantisedNode,
  graph: Graph,
  initializers: Map<string, TensorData>,
  scales: ReadonlyMap<string, Scale>,
  weightBits: WeightBits,
): GraphNode[] {
  const [input, weightName, biasName] = node.inputs as [string, string, string?];
  const weight = graph.initializers.get(weightName)!;
  const channels = weight.shape[0]!;
  const isDepthwise = weight.shape[1] === 1 && channels > 1;
  const kernels = quantisedKernels(weight, isDepthwise ? depthwiseLimit : denseLimits[weightBits]);
  const own = partOf(node.outputs[0]!, 'weight');
  initializers.set(`${own}/int8`, tensorOf(kernels.values, weight.shape));
  initializers.set(`${own}/scale`, tensorOf(kernels.scales));
  initializers.set(`${own}/zero`, tensorOf(new Int8Array(channels)));
  const nodes = [linear('DequantizeLinear', [`${own}/int8`, `${own}/scale`, `${own}/zero`], own, 0)];
  const inputs = [input, own];
  if (biasName) {
    const bias = partOf(node.outputs[0]!, 'bias');
    const steps = kernels.scales.map((scale) => scale * scales.get(input)!.scale);
    const values = Int32Array.from(floatsOf(graph.initializers.get(biasName)!), (value, c) =>
      inInt32(value / steps[c]!),
    );
    initializers.set(`${bias}/int32`, tensorOf(values));
    initializers.set(`${bias}/scale`, tensorOf(steps));
    initializers.set(`${bias}/zero`, tensorOf(new Int32Array(channels)));
    nodes.push(linear('DequantizeLinear', [`${bias}/int32`, `${bias}/scale`, `${bias}/zero`], bias, 0));
    inputs.push(bias);
  }
  return [...nodes, { ...node, inputs, outputs: [partOf(output, 'float')] }];
}

/** Symmetric, one scale per output channel: the largest weight of a channel becomes `limit`. */
function quantisedKernels(weight: TensorData, limit: number): { values: Int8Array; scales: Float32Array } {
  const floats = floatsOf(weight);
  const [channels] = weight.shape as [number];
  const size = floats.length / channels;
  const values = new Int8Array(floats.length);
  const scales = new Float32Array(channels);
  for (let c = 0; c < channels; c++) {
    const row = floats.subarray(c * size, (c + 1) * size);
    const scale = Math.fround(row.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / limit) || 1;
    scales[c] = scale;
    row.forEach((value, i) => {
      values[c * size + i] = Math.max(-limit, Math.min(limit, Math.round(value / scale)));
    });
  }
  return { values, scales };
}

function inInt32(value: number): number {
  return Math.max(-0x80000000, Math.min(0x7fffffff, Math.round(value)));
}

/** A copy: raw data of a file need not be aligned. */
function floatsOf({ data }: TensorData): Float32Array {
  return new Float32Array(Uint8Array.from(data).buffer);
}
