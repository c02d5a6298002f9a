import type { Graph, GraphNode } from './graph.ts';

/** The same graph without nodes and constants that no output needs. All inputs stay. */
export function prunedGraph(graph: Graph): Graph {
  const needed = new Set(graph.outputs.map((port) => port.name));
  const kept: GraphNode[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((name) => needed.has(name))) continue;
    for (const name of namesUsed(node)) needed.add(name);
    kept.push(node);
  }
  const initializers = new Map([...graph.initializers].filter(([name]) => needed.has(name)));
  return { ...graph, nodes: kept.reverse(), initializers };
}

/** Inputs of the node, and all names in its bodies (If, Loop), which may refer to outer values. */
function namesUsed(node: GraphNode): string[] {
  const names = [...node.inputs];
  for (const attribute of node.attributes.values()) {
    if (attribute.kind !== 'graph') continue;
    names.push(...attribute.value.outputs.map((port) => port.name), ...attribute.value.nodes.flatMap(namesUsed));
  }
  return names;
}
