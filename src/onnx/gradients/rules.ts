import type { GraphNode } from '../graph.ts';
import type { GraphBuilder, Value } from '../graph-builder.ts';
import { axesOf } from './axes.ts';
import { keepsDims, type Shape } from './shapes.ts';

/** What a rule sees: the node, its values, their shapes, and the gradient of the loss with respect to its output. */
export interface Backward {
  builder: GraphBuilder;
  node: GraphNode;
  inputs: Value[];
  output: Value;
  /** Same shape as the output. */
  gradient: Value;
  /** Whether the gradient with respect to input i is needed. */
  wants: (i: number) => boolean;
  shape: (value: Value) => Shape;
}

/** Gradient with respect to each input, in order; undefined where it is not needed. It may still have the broadcast shape. */
export type Rule = (at: Backward) => (Value | undefined)[];

/** Derivatives of the operators that a head needs. Each is checked against finite differences. */
export const rules: Record<string, Rule> = {
  Neg: ({ builder, gradient }) => [builder.op('Neg', [gradient])],
  Add: ({ gradient }) => [gradient, gradient],
  Sub: ({ builder, gradient, wants }) => [gradient, wants(1) ? builder.op('Neg', [gradient]) : undefined],
  Mul: ({ builder, gradient, inputs: [a, b], wants }) => [
    wants(0) ? builder.op('Mul', [gradient, b]) : undefined,
    wants(1) ? builder.op('Mul', [gradient, a]) : undefined,
  ],
  Exp: ({ builder, gradient, output }) => [builder.op('Mul', [gradient, output])],
  Relu: ({ builder, gradient, output }) => [builder.op('Mul', [gradient, builder.op('Sign', [output])])],
  Pow: powRule,
  Gemm: gemmRule,
  LogSoftmax: logSoftmaxRule,
  ReduceSum: ({ builder, node, gradient, inputs: [x], shape }) => [spread(builder, node, gradient, x as Value, shape)],
  ReduceMean: reduceMeanRule,
};

/** d x^p = p x^(p-1) dx; the exponent is taken as constant. */
function powRule({ builder, node, gradient, inputs: [x, p], wants }: Backward): (Value | undefined)[] {
  if (wants(1)) throw new Error(`Pow "${node.name}": no gradient with respect to the exponent`);
  const slope = builder.op('Mul', [p, builder.op('Pow', [x, builder.op('Sub', [p, builder.scalar(1)])])]);
  return [builder.op('Mul', [gradient, slope]), undefined];
}

/** Plain `A B + C` (no transposes, alpha = beta = 1): dA = G B', dB = A' G, dC = G. Gemm transposes while it reads, without a copy. */
function gemmRule({ builder, node, gradient, inputs: [a, b], wants }: Backward): (Value | undefined)[] {
  if (node.attributes.size > 0) throw new Error(`Gemm "${node.name}": only plain A B + C has a gradient`);
  return [
    wants(0) ? builder.op('Gemm', [gradient, b], { transB: 1 }) : undefined,
    wants(1) ? builder.op('Gemm', [a, gradient], { transA: 1 }) : undefined,
    gradient,
  ];
}

/** Along the last axis: g - softmax(x) sum(g). */
function logSoftmaxRule({ builder, gradient, output }: Backward): Value[] {
  const sum = builder.op('ReduceSum', [gradient, builder.int64([-1])], { keepdims: 1 });
  const probabilities = builder.op('Exp', [output]);
  return [builder.op('Sub', [gradient, builder.op('Mul', [probabilities, sum])])];
}

function reduceMeanRule({ builder, node, gradient, inputs: [x], output, shape }: Backward): Value[] {
  const count = (value: Value) => builder.cast(sizeOf(builder, value), 'float32');
  const share = builder.op('Div', [count(output), count(x as Value)]);
  return [spread(builder, node, builder.op('Mul', [gradient, share]), x as Value, shape)];
}

/** Number of elements of a value, int64 []. */
function sizeOf(builder: GraphBuilder, value: Value): Value {
  return builder.op('Squeeze', [builder.op('Shape', [builder.op('Reshape', [value, builder.int64([-1])])])]);
}

/** A reduction's gradient, repeated over the axes that it summed. */
function spread(
  builder: GraphBuilder,
  node: GraphNode,
  gradient: Value,
  x: Value,
  shape: (value: Value) => Shape,
): Value {
  const axes = axesOf(builder.graph, node, shape(x).length);
  const kept =
    keepsDims(node) || axes.length === 0 ? gradient : builder.op('Unsqueeze', [gradient, builder.int64(axes)]);
  return builder.op('Expand', [kept, builder.op('Shape', [x])]);
}
