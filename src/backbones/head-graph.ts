import type { HeadWeights } from '../contracts/artifacts/head.ts';
import type { GraphBuilder, Value } from '../onnx/graph-builder.ts';

/** K. */
export function classesOf({ layers }: HeadWeights): number {
  return layers.at(-1)?.outputs ?? 0;
}

/** float32 [N, D] -> logits [N, K]: dense layers with ReLU between them. Constants are `head/0/weight`, `head/0/bias`, ... */
export function addHead(graph: GraphBuilder, input: Value, head: HeadWeights): Value {
  return head.layers.reduce((value, layer, index) => {
    const taken = index === 0 ? value : graph.op('Relu', [value]);
    const weight = graph.constant(layer.weight, [layer.inputs, layer.outputs], { name: `head/${index}/weight` });
    const bias = graph.constant(layer.bias, [layer.outputs], { name: `head/${index}/bias` });
    return graph.op('Gemm', [taken, weight, bias]);
  }, input);
}

/**
 * Logits [V N, K], view after view -> [N, K]: log of the views' averaged probabilities, by log-sum-exp so that none underflows.
 * One view passes through.
 */
export function averagedLogits(graph: GraphBuilder, logits: Value, views: number, classes: number): Value {
  if (views === 1) return logits;
  const byView = graph.op('Reshape', [
    graph.op('LogSoftmax', [logits], { axis: -1 }),
    graph.int64([views, -1, classes]),
  ]);
  const highest = graph.op('ReduceMax', [byView, graph.int64([0])], { keepdims: 1 });
  const terms = graph.op('Exp', [graph.op('Sub', [byView, highest])]);
  const mean = graph.op('ReduceMean', [terms, graph.int64([0])], { keepdims: 0 });
  return graph.op('Add', [graph.op('Log', [mean]), graph.op('Squeeze', [highest, graph.int64([0])])]);
}
