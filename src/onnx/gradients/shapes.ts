import type { Graph, GraphNode } from '../graph.ts';
import type { Dim } from '../tensor.ts';
import { axesOf } from './axes.ts';

/** Sizes of a value; strings name free sizes. */
export type Shape = readonly Dim[];

/** Shapes of all inputs, constants and outputs of supported operators; free sizes keep their names. */
export function inferShapes(graph: Graph): Map<string, Shape> {
  const shapes = new Map<string, Shape>();
  for (const port of graph.inputs) if (port.shape) shapes.set(port.name, port.shape);
  for (const [name, tensor] of graph.initializers) shapes.set(name, tensor.shape);
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((name) => shapes.get(name));
    const shape = inferNode(graph, node, inputs);
    if (shape) shapes.set(node.outputs[0] as string, shape);
  }
  return shapes;
}

function inferNode(graph: Graph, node: GraphNode, inputs: (Shape | undefined)[]): Shape | undefined {
  const [a, b] = inputs;
  if (!a) return undefined;
  switch (node.type) {
    case 'Add':
    case 'Sub':
    case 'Mul':
    case 'Pow':
      return b && broadcastShape(a, b);
    case 'Gemm':
      return b && [...a.slice(0, -1), b.at(-1) as Dim];
    case 'Gather':
      return b && [...b, ...a.slice(1)];
    case 'ReduceSum':
    case 'ReduceMean':
      return reducedShape(a, axesOf(graph, node, a.length), keepsDims(node));
    case 'Cast':
    case 'Exp':
    case 'LogSoftmax':
    case 'Neg':
    case 'Relu':
      return a;
    default:
      return undefined;
  }
}

/** ONNX's (NumPy's) rule; two different names, or a name and a number above 1, are incompatible. */
function broadcastShape(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const left = a[i - rank + a.length] ?? 1;
    const right = b[i - rank + b.length] ?? 1;
    if (left === right || right === 1) return left;
    if (left === 1) return right;
    throw new Error(`shapes [${a.join(', ')}] and [${b.join(', ')}] are incompatible`);
  });
}

export function keepsDims(node: GraphNode): boolean {
  const attribute = node.attributes.get('keepdims');
  return attribute?.kind !== 'int' || attribute.value !== 0n;
}

function reducedShape(shape: Shape, axes: readonly number[], keep: boolean): Shape {
  return keep ? shape.map((dim, i) => (axes.includes(i) ? 1 : dim)) : shape.filter((_, i) => !axes.includes(i));
}
