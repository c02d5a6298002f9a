import type { HeadWeights } from '../../contracts/artifacts/head.ts';
import type { GraphBuilder, Value } from '../../onnx/graph-builder.ts';

/** A head, forward and backward, with one copy of its weights in the graph. */
class DenseLayers {
  #graph: GraphBuilder;
  #layers: { weight: Value; bias: Value }[];

  constructor(graph: GraphBuilder, head: HeadWeights) {
    this.#graph = graph;
    this.#layers = head.layers.map(({ weight, bias, inputs, outputs }, i) => ({
      weight: graph.constant(weight, [inputs, outputs], { name: `head/${i}/weight` }),
      bias: graph.constant(bias, [outputs], { name: `head/${i}/bias` }),
    }));
  }

  /** [M, D] -> logits [M, K], and the input of each ReLU. */
  forward(input: Value): { logits: Value; hidden: Value[] } {
    const hidden: Value[] = [];
    let value = input;
    for (const [i, { weight, bias }] of this.#layers.entries()) {
      if (i > 0) hidden.push(value);
      value = this.#graph.op('Gemm', [i > 0 ? this.#graph.op('Relu', [value]) : value, weight, bias]);
    }
    return { logits: value, hidden };
  }

  /** Gradients for the logits [M, K] -> gradients for the input [M, D]: transposed weights, masked by the active ReLUs. */
  backward(slopes: Value, hidden: Value[]): Value {
    let value = slopes;
    for (let i = this.#layers.length - 1; i >= 0; i--) {
      value = this.#graph.op('Gemm', [value, this.#layers[i]!.weight], { transB: 1 });
      if (i === 0) break;
      const open = this.#graph.op('Greater', [hidden[i - 1]!, this.#graph.scalar(0)]);
      value = this.#graph.op('Mul', [value, this.#graph.cast(open, 'float32')]);
    }
    return value;
  }
}

/** Integration points from reference to photo; with 16 the completeness error is below 1 % on a ReLU head. */
const steps = 16;
const never = -1e9;

export interface HeadAttribution {
  /** float32 [N, D]: log-odds per unit of standardised embedding, averaged over the path from reference to photo. */
  slopes: Value;
  /** float32 [N]: log-odds of the photo less those of the reference. */
  gain: Value;
}

/**
 * Attributes a log-odds to the features: integrated gradients (Sundararajan et al. 2017, midpoint rule) of
 * log P(positive) - log P(not positive) through the head.
 *
 * @param embedding standardised, float32 [N, D]
 * @param reference standardised, float32 [1, D]
 * @param positive float32 [K], 1 = the label counts as positive
 */
export function attributeHead(
  graph: GraphBuilder,
  options: { embedding: Value; reference: Value; positive: Value; head: HeadWeights; temperature: number },
): HeadAttribution {
  const { embedding, reference } = options;
  const size = options.head.layers[0]!.inputs;
  const layers = new DenseLayers(graph, options.head);
  const barred = barredLogits(graph, options.positive);
  const temperature = graph.scalar(options.temperature);
  const tempered = (value: Value) => graph.op('Div', [value, temperature]);
  const { logits, hidden } = layers.forward(pointsOnTheWay(graph, embedding, reference, size));
  const slopes = layers.backward(tempered(oddsSlopes(graph, tempered(logits), barred)), hidden);
  const byPoint = graph.op('Reshape', [slopes, graph.int64([steps, -1, size])]);
  const odds = (at: Value) => logOdds(graph, tempered(layers.forward(at).logits), barred);
  return {
    slopes: graph.op('ReduceMean', [byPoint, graph.int64([0])], { keepdims: 0 }),
    gain: graph.op('Sub', [odds(embedding), odds(reference)]),
  };
}

/** [steps * N, D]: midpoints of equal parts of the straight path from reference to photo. */
function pointsOnTheWay(graph: GraphBuilder, embedding: Value, reference: Value, size: number): Value {
  const way = graph.op('Sub', [embedding, reference]);
  const middles = Float32Array.from({ length: steps }, (_, s) => (s + 0.5) / steps);
  const parts = graph.op('Mul', [
    graph.op('Unsqueeze', [way, graph.int64([0])]),
    graph.constant(middles, [steps, 1, 1]),
  ]);
  return graph.op('Reshape', [graph.op('Add', [parts, reference]), graph.int64([-1, size])]);
}

interface Barred {
  /** float32 [K]: 0 for a member, -1e9 for the others. */
  positive: Value;
  negative: Value;
}

function barredLogits(graph: GraphBuilder, positive: Value): Barred {
  const wall = graph.scalar(never);
  const others = graph.op('Sub', [graph.scalar(1), positive]);
  return { positive: graph.op('Mul', [others, wall]), negative: graph.op('Mul', [positive, wall]) };
}

/** d(log-odds)/d(logits): the softmax among the positive labels less the softmax among the others, [M, K]. */
function oddsSlopes(graph: GraphBuilder, logits: Value, { positive, negative }: Barred): Value {
  const among = (bar: Value) => graph.op('Softmax', [graph.op('Add', [logits, bar])], { axis: -1 });
  return graph.op('Sub', [among(positive), among(negative)]);
}

function logOdds(graph: GraphBuilder, logits: Value, { positive, negative }: Barred): Value {
  return graph.op('Sub', [logSumExp(graph, logits, positive), logSumExp(graph, logits, negative)]);
}

function logSumExp(graph: GraphBuilder, logits: Value, bar: Value): Value {
  const among = graph.op('Add', [logits, bar]);
  const highest = graph.op('ReduceMax', [among, graph.int64([1])], { keepdims: 1 });
  const sum = graph.op('ReduceSum', [graph.op('Exp', [graph.op('Sub', [among, highest])]), graph.int64([1])], {
    keepdims: 0,
  });
  return graph.op('Add', [graph.op('Log', [sum]), graph.op('Squeeze', [highest, graph.int64([1])])]);
}
