import type { Standardiser } from '../../../artifacts/transform-graph/embedding-source.ts';
import type { HeadConfig } from '../../../contracts/artifacts/head-config.ts';
import { type AdamScalars, adamW } from '../../../onnx/gradients/adamw.ts';
import { gradients } from '../../../onnx/gradients/gradients.ts';
import { GraphBuilder, type Value } from '../../../onnx/graph-builder.ts';
import { droppedShare } from './dropout.ts';

/** A trained tensor: its name in the graph and its shape. Its running sums are `<name>.first` and `<name>.second`. */
export interface Parameter {
  name: string;
  shape: number[];
  /** Biases are not decayed. */
  decays: boolean;
  /** Standard deviation of the initial values; 0 = they start at 0. */
  deviation: number;
}

export interface TrainingGraph {
  bytes: Uint8Array;
  /** `w1, b1, w2, b2`, or `w1, b1` for a logistic head. */
  parameters: Parameter[];
}

/**
 * Parameters of a head, layer after layer. D = size, K = classes. Weights before a ReLU start with variance 2 / inputs, the last layer of
 * an MLP with 1 / inputs (He et al. 2015); a logistic head is convex and starts at 0.
 */
export function headParameters(size: number, classes: number, { kind, hidden }: HeadConfig): Parameter[] {
  const layer = (number: number, inputs: number, outputs: number, deviation: number) => [
    { name: `w${number}`, shape: [inputs, outputs], decays: true, deviation },
    { name: `b${number}`, shape: [outputs], decays: false, deviation: 0 },
  ];
  if (kind === 'logistic') return layer(1, size, classes, 0);
  return [...layer(1, size, hidden, Math.sqrt(2 / size)), ...layer(2, hidden, classes, Math.sqrt(1 / hidden))];
}

/**
 * One training step as an ONNX graph: forward, backward, AdamW.
 * Inputs: `x` float32 [N, D]; `targets` float32 [N, K], times the sample's weight; `rate`, `epsilon`, `keep` []; each parameter with its
 * two running sums; under mixup `mixRows` int64 [N] and `mixShare` float32 [N, 1]; under dropout `inputMask` uint8 [N, D] and
 * `hiddenMask` uint8 [N, hidden]. Outputs: `loss` [], and `next.<name>` of each parameter and running sum.
 */
export function trainingGraph(classes: number, config: HeadConfig, standardiser: Standardiser): TrainingGraph {
  const size = standardiser.mean.length;
  const graph = new GraphBuilder('training-step');
  const parameters = headParameters(size, classes, config);
  const states = parameters.map(({ name, shape }) => ({
    parameter: graph.input(name, 'float32', shape),
    first: graph.input(`${name}.first`, 'float32', shape),
    second: graph.input(`${name}.second`, 'float32', shape),
  }));
  const x = embeddings(graph, config, standardiser);
  const targets = graph.input('targets', 'float32', ['N', classes]);
  const values = states.map((state) => state.parameter);
  const loss = lossOf(graph, config, logitsOf(graph, config, x, values), targets);
  const slopes = gradients(graph, loss, values);
  const scalars = {
    rate: graph.input('rate', 'float32', []),
    epsilon: graph.input('epsilon', 'float32', []),
    keep: graph.input('keep', 'float32', []),
  };
  graph.output('loss', loss, 'float32', []);
  parameters.forEach(({ name, shape, decays }, i) => {
    const keep = decays ? scalars.keep : graph.scalar(1);
    const names = { parameter: `next.${name}`, first: `next.${name}.first`, second: `next.${name}.second` };
    const next = adamW(graph, states[i]!, slopes[i]!, { ...scalars, keep } satisfies AdamScalars, names);
    for (const value of Object.values(next)) graph.output(value, value, 'float32', shape);
  });
  return { bytes: graph.toBytes(), parameters };
}

/** After mixup, standardisation and dropout: [N, D]. */
function embeddings(graph: GraphBuilder, config: HeadConfig, { mean, scale }: Standardiser): Value {
  const size = mean.length;
  let x = graph.input('x', 'float32', ['N', size]);
  if (config.mixup > 0) {
    const rows = graph.input('mixRows', 'int64', ['N']);
    const share = graph.input('mixShare', 'float32', ['N', 1]);
    const other = graph.op('Sub', [graph.op('Gather', [x, rows], { axis: 0 }), x]);
    x = graph.op('Add', [x, graph.op('Mul', [other, share])]);
  }
  const centred = graph.op('Sub', [x, graph.constant(mean, [size])]);
  const standard = graph.op('Mul', [
    centred,
    graph.constant(
      scale.map((value) => 1 / value),
      [size],
    ),
  ]);
  return dropped(graph, standard, 'inputMask', size, config.inputDropout);
}

/** Dropout by an input mask of 0 and 1, scaled to keep the mean. */
function dropped(graph: GraphBuilder, x: Value, name: string, width: number, share: number): Value {
  if (droppedShare(share) === 0) return x;
  const mask = graph.cast(graph.input(name, 'uint8', ['N', width]), 'float32');
  return graph.op('Mul', [x, graph.op('Mul', [mask, graph.scalar(1 / (1 - droppedShare(share)))])]);
}

/** [N, K]. */
function logitsOf(graph: GraphBuilder, config: HeadConfig, x: Value, [w1, b1, w2, b2]: readonly Value[]): Value {
  const first = graph.op('Gemm', [x, w1, b1]);
  if (!w2) return first;
  const hidden = graph.op('Relu', [first]);
  return graph.op('Gemm', [dropped(graph, hidden, 'hiddenMask', config.hidden, config.dropout), w2, b2]);
}

/** Cross-entropy, or focal loss (1 - p)^gamma log p (Lin et al. 2017), with soft targets; mean over the batch. */
function lossOf(graph: GraphBuilder, config: HeadConfig, logits: Value, targets: Value): Value {
  const logP = graph.op('LogSoftmax', [logits], { axis: -1 });
  let terms = graph.op('Mul', [targets, logP]);
  if (config.loss === 'focal' && config.focalGamma > 0) {
    const doubt = graph.op('Sub', [graph.scalar(1 + 1e-6), graph.op('Exp', [logP])]);
    terms = graph.op('Mul', [terms, graph.op('Pow', [doubt, graph.scalar(config.focalGamma)])]);
  }
  const perRow = graph.op('ReduceSum', [terms, graph.int64([1])], { keepdims: 0 });
  return graph.op('Neg', [graph.op('ReduceMean', [perRow], { keepdims: 0 })]);
}
