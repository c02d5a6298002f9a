import type { Attribute, Graph, GraphNode } from './graph.ts';
import type { TensorData } from './tensor.ts';

export interface ImportedGraph {
  nodes: GraphNode[];
  initializers: Map<string, TensorData>;
  /** Name in the source -> name in the target. */
  rename: (name: string) => string;
}

/** The source's nodes and constants under new names. Its inputs become the given values; '' stays ''. */
export function importGraph(source: Graph, prefix: string, inputs: Record<string, string>): ImportedGraph {
  const given = new Map(Object.entries(inputs));
  for (const port of source.inputs) {
    if (!given.has(port.name) && !source.initializers.has(port.name))
      throw new Error(`graph ${source.name}: no value for its input "${port.name}"`);
  }
  const rename = (name: string) => (name === '' ? '' : (given.get(name) ?? prefix + name));
  const initializers = new Map<string, TensorData>();
  for (const [name, tensor] of source.initializers) if (!given.has(name)) initializers.set(prefix + name, tensor);
  return { nodes: source.nodes.map((node) => renamedNode(node, rename)), initializers, rename };
}

function renamedNode(node: GraphNode, rename: (name: string) => string): GraphNode {
  return {
    ...node,
    name: rename(node.name),
    inputs: node.inputs.map(rename),
    outputs: node.outputs.map(rename),
    attributes: new Map([...node.attributes].map(([name, value]) => [name, renamedAttribute(value, rename)])),
  };
}

/** Bodies of If and Loop see outer values, so they are renamed too. */
function renamedAttribute(attribute: Attribute, rename: (name: string) => string): Attribute {
  if (attribute.kind !== 'graph') return attribute;
  const body = attribute.value;
  const port = <T extends { name: string }>(item: T): T => ({ ...item, name: rename(item.name) });
  return {
    kind: 'graph',
    value: {
      name: body.name,
      nodes: body.nodes.map((node) => renamedNode(node, rename)),
      initializers: new Map([...body.initializers].map(([name, tensor]) => [rename(name), tensor])),
      inputs: body.inputs.map(port),
      outputs: body.outputs.map(port),
    },
  };
}
