import type { GraphNode } from '../graph.ts';
import type { GraphBuilder, Value } from '../graph-builder.ts';
import { rules } from './rules.ts';
import { inferShapes, type Shape } from './shapes.ts';

/**
 * Adds to the graph the nodes that compute d loss / d parameter for each parameter (reverse-mode automatic differentiation).
 * @param loss a single number
 * @param parameters values (inputs or constants) of known shape
 * @returns for each parameter its gradient, of the parameter's shape
 * @throws Error when a node between a parameter and the loss has no rule, or a parameter does not reach the loss
 */
export function gradients(builder: GraphBuilder, loss: Value, parameters: readonly Value[]): Value[] {
  const nodes = [...builder.graph.nodes];
  const shapes = inferShapes(builder.graph);
  const shape = (value: Value): Shape => {
    const known = shapes.get(value);
    if (!known) throw new Error(`gradients: the shape of "${value}" is not known`);
    return known;
  };
  const touched = reachableFrom(nodes, parameters);
  const found = new Map<string, Value>([[loss, onesLike(builder, loss)]]);
  for (const node of nodes.toReversed()) {
    const gradient = found.get(node.outputs[0] as string);
    if (gradient && touched.has(node.outputs[0] as string)) passBack(builder, node, gradient, found, touched, shape);
  }
  return parameters.map((parameter) => {
    const gradient = found.get(parameter);
    if (!gradient) throw new Error(`gradients: "${parameter}" does not reach the loss "${loss}"`);
    return gradient;
  });
}

/** The values that depend on a parameter. */
function reachableFrom(nodes: readonly GraphNode[], parameters: readonly Value[]): Set<string> {
  const touched = new Set<string>(parameters);
  for (const node of nodes) {
    if (node.inputs.some((name) => touched.has(name))) for (const name of node.outputs) touched.add(name);
  }
  return touched;
}

function onesLike(builder: GraphBuilder, value: Value): Value {
  return builder.op('Expand', [builder.scalar(1), builder.op('Shape', [value])]);
}

function passBack(
  builder: GraphBuilder,
  node: GraphNode,
  gradient: Value,
  found: Map<string, Value>,
  touched: ReadonlySet<string>,
  shape: (value: Value) => Shape,
): void {
  const rule = rules[node.type];
  if (!rule) throw new Error(`gradients: ${node.type} "${node.name}" has no rule`);
  const inputs = node.inputs as Value[];
  const wants = (i: number) => touched.has(inputs[i] as string);
  const output = node.outputs[0] as Value;
  const parts = rule({ builder, node, inputs, output, gradient, wants, shape });
  inputs.forEach((input, i) => {
    const part = parts[i];
    if (!part || !wants(i)) return;
    const own = sumToShape(builder, part, shape(output), shape(input), node);
    const earlier = found.get(input);
    found.set(input, earlier ? builder.op('Add', [earlier, own]) : own);
  });
}

const broadcasting = new Set(['Add', 'Sub', 'Mul', 'Pow', 'Gemm']);

/** Sums over the axes along which a broadcasting operator repeated its input. */
function sumToShape(builder: GraphBuilder, gradient: Value, from: Shape, to: Shape, node: GraphNode): Value {
  if (!broadcasting.has(node.type) || (node.type === 'Gemm' && to.length === 2 && from.length === 2)) return gradient;
  const lead = from.length - to.length;
  const repeated = to.flatMap((dim, i) => (dim === 1 && from[i + lead] !== 1 ? [i + lead] : []));
  const missing = Array.from({ length: lead }, (_, i) => i);
  let sum = gradient;
  if (repeated.length > 0) sum = builder.op('ReduceSum', [sum, builder.int64(repeated)], { keepdims: 1 });
  if (missing.length > 0) sum = builder.op('ReduceSum', [sum, builder.int64(missing)], { keepdims: 0 });
  return sum;
}
