import { MitateError } from '../errors/index.ts';
import type { Attribute, Graph, GraphNode, OnnxModel } from './graph.ts';
import { defaultOpset } from './graph-builder.ts';
import { tensorOf } from './tensor.ts';

const oldest = 13;
/** Since opset 18 the axes of these are an input. */
const reductions = new Set([
  'ReduceL1',
  'ReduceL2',
  'ReduceLogSum',
  'ReduceLogSumExp',
  'ReduceMax',
  'ReduceMean',
  'ReduceMin',
  'ReduceProd',
  'ReduceSumSquare',
]);

/**
 * The model in the builder's opset or a newer one, so that nodes can be added. Source of the changes: onnx/docs/Changelog.md, 13 to 20.
 * @throws MODEL_UNSUPPORTED for opsets before 13
 */
export function upgradedOpset(model: OnnxModel): OnnxModel {
  const opset = model.opsets.get('') ?? 0;
  if (opset < oldest) throw new MitateError('MODEL_UNSUPPORTED', { what: `opset ${opset}` });
  const opsets = new Map(model.opsets).set('', Math.max(opset, defaultOpset));
  return { ...model, opsets, graph: opset < 18 ? upgradedGraph(model.graph) : model.graph };
}

function upgradedGraph(graph: Graph): Graph {
  const initializers = new Map(graph.initializers);
  const nodes = graph.nodes.map((node) => {
    const attributes = new Map([...node.attributes].map(([name, attribute]) => [name, upgradedAttribute(attribute)]));
    return upgradedNode({ ...node, attributes }, initializers);
  });
  return { ...graph, nodes, initializers };
}

function upgradedAttribute(attribute: Attribute): Attribute {
  return attribute.kind === 'graph' ? { kind: 'graph', value: upgradedGraph(attribute.value) } : attribute;
}

function upgradedNode(node: GraphNode, initializers: Graph['initializers']): GraphNode {
  if (node.domain !== '') return node;
  if (node.type === 'Split' && !node.inputs[1]) {
    node.attributes.set('num_outputs', { kind: 'int', value: BigInt(node.outputs.length) });
  }
  const axes = node.attributes.get('axes');
  if (!reductions.has(node.type) || axes?.kind !== 'ints') return node;
  const name = `${node.outputs[0]}/axes`;
  initializers.set(name, tensorOf(BigInt64Array.from(axes.value)));
  node.attributes.delete('axes');
  return { ...node, inputs: [...node.inputs.slice(0, 1), name] };
}
