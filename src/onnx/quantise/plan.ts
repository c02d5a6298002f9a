import { MitateError } from '../../errors/index.ts';
import type { Graph, GraphNode } from '../graph.ts';
import type { TensorData } from '../tensor.ts';

/** Smallest and largest number of a value; contains 0. */
export interface Range {
  low: number;
  high: number;
}

/** A convolution that can run on integers. */
export interface QuantisedNode {
  node: GraphNode;
  /** Its activation (ReLU, or Clip with constant bounds), which saturation replaces. */
  activation: GraphNode | undefined;
  /** Of the activation, or of the convolution without one. */
  output: string;
}

export interface QuantisationPlan {
  nodes: QuantisedNode[];
  /** Every value that becomes uint8; null = to be measured. */
  values: Map<string, Range | null>;
}

/**
 * What of the graph is quantised: every 2-d convolution with constant float32 weights, with its input and output. Constants must be folded. The rest
 * stays float32, sums included: in uint8, a chain of them would add up its errors.
 * @param kept values that somebody reads by name
 * @throws MODEL_NOT_QUANTISABLE
 */
export function planQuantisation(graph: Graph, kept: ReadonlySet<string>): QuantisationPlan {
  const readers = readersOf(graph);
  const needed = new Set([...kept, ...graph.outputs.map(({ name }) => name)]);
  const nodes: QuantisedNode[] = [];
  const values = new Map<string, Range | null>();
  for (const node of graph.nodes) {
    if (!isPlainConvolution(node, graph.initializers)) continue;
    const [raw] = node.outputs as [string];
    const [reader, ...others] = readers.get(raw) ?? [];
    const bounds = reader && others.length === 0 && !needed.has(raw) ? boundsOf(reader, graph.initializers) : undefined;
    const activation = bounds && reader;
    const output = activation?.outputs[0] ?? raw;
    if (!values.has(node.inputs[0]!)) values.set(node.inputs[0]!, null);
    values.set(output, bounds && Number.isFinite(bounds.high) ? bounds : null);
    nodes.push({ node, activation, output });
  }
  if (nodes.length === 0)
    throw new MitateError('MODEL_NOT_QUANTISABLE', {
      reason: 'it has no 2-d convolution with constant float32 weights',
    });
  return { nodes, values };
}

function readersOf(graph: Graph): Map<string, GraphNode[]> {
  const readers = new Map<string, GraphNode[]>();
  for (const node of graph.nodes)
    for (const name of node.inputs) readers.set(name, [...(readers.get(name) ?? []), node]);
  return readers;
}

function isPlainConvolution({ type, domain, inputs }: GraphNode, constants: Map<string, TensorData>): boolean {
  if (type !== 'Conv' || domain !== '') return false;
  const [weight, bias] = [constants.get(inputs[1]!), inputs[2] ? constants.get(inputs[2]) : null];
  return weight?.dtype === 'float32' && weight.shape.length === 4 && (bias === null || bias?.dtype === 'float32');
}

/** Of an activation whose lower end is 0, so that uint8 cuts off where it does; undefined for any other node. */
function boundsOf({ type, domain, inputs }: GraphNode, constants: Map<string, TensorData>): Range | undefined {
  if (domain !== '') return undefined;
  if (type === 'Relu') return { low: 0, high: Number.POSITIVE_INFINITY };
  if (type !== 'Clip') return undefined;
  const [low, high] = [numberOf(constants.get(inputs[1] ?? '')), numberOf(constants.get(inputs[2] ?? ''))];
  return low === 0 && high !== undefined && high > 0 ? { low, high } : undefined;
}

function numberOf(tensor: TensorData | undefined): number | undefined {
  if (tensor?.dtype !== 'float32' || tensor.data.length !== 4) return undefined;
  return new DataView(tensor.data.buffer, tensor.data.byteOffset).getFloat32(0, true);
}
