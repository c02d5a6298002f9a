import type { HeadWeights } from '../../contracts/artifacts/head.ts';
import type { GraphBuilder, Value } from '../../onnx/graph-builder.ts';

/** A head, forward and backward, with one copy of its weights in the graph. */
export class DenseLayers {
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
