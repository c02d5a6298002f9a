import type { Graph, GraphNode } from '../graph.ts';

/** Axes of a reduction, none negative: the second input, a constant; all axes without it. */
export function axesOf(graph: Graph, node: GraphNode, rank: number): number[] {
  const name = node.inputs[1];
  if (!name) return Array.from({ length: rank }, (_, i) => i);
  const tensor = graph.initializers.get(name);
  if (!tensor) throw new Error(`${node.type} "${node.name}": its axes must be a constant`);
  const view = new DataView(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength);
  return Array.from({ length: tensor.data.byteLength / 8 }, (_, i) => {
    const axis = Number(view.getBigInt64(i * 8, true));
    return axis < 0 ? axis + rank : axis;
  });
}
