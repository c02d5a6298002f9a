import type { HeadWeights } from '../contracts/artifacts/head.ts';
import type { GraphBuilder, Value } from '../onnx/graph-builder.ts';
import type { Backbone, Tap } from './backbone.ts';
import { startGraph } from './compose.ts';
import { enlarge } from './explainer/enlarge.ts';
import { attributeHead } from './explainer/head-attribution.ts';
import { quietenBorder } from './explainer/quieten-border.ts';
import { type StoredReference, storeReference, type TapReference } from './explainer/reference.ts';
import { splitOverPlaces } from './explainer/split-over-places.ts';
import { signedSquareRoot } from './features.ts';
import { classesOf } from './head-graph.ts';

export type { TapReference } from './explainer/reference.ts';

export interface ExplainerParts {
  /** With at least one tap. */
  backbone: Backbone;
  /** Standardiser of the embedding, [D] each: (x - mean) / scale. */
  mean: Float32Array;
  scale: Float32Array;
  head: HeadWeights;
  /** Logits are divided by it. */
  temperature: number;
  /** One per tap, in the backbone's order (`readReferenceActivations` of the Transform artifact). */
  reference: TapReference[];
}

/**
 * ONNX bytes of the heat map: `pixels uint8 [N, H, W, 3], positive float32 [K] (1 = the label counts as positive) -> map float32 [N, G, G'],
 * map_size float32 [2] (G, G'), gain float32 [N], completeness_error float32 [N]`.
 *
 * The map attributes the gain in log-odds of the positive labels, log P(positive) / P(not positive), over an average training photo (the
 * reference) to cells: gain = log-odds(photo) - log-odds(reference), of the plain view.
 * The head is attributed to its inputs by integrated gradients, each pooled feature exactly to its cells, minus the cell's average over
 * training photos (zero padding activates corners in every photo). Taps are summed on the finest tap's grid.
 * completeness_error = |sum(map) - gain| / max(|gain|, 1): the error of 16 integration points.
 */
export function composeExplainer(parts: ExplainerParts): Uint8Array {
  const { backbone, reference } = parts;
  const { graph, pixels, attach } = startGraph('explainer', backbone);
  const positive = graph.input('positive', 'float32', [classesOf(parts.head)]);
  const { taps, features } = attach(pixels);
  const stored = reference.map(({ mean, deviation, channels }) => ({
    mean: storeReference(graph, mean, channels),
    deviation: storeReference(graph, deviation, channels),
  }));
  const scale = graph.constant(parts.scale);
  const standardised = (embedding: Value) =>
    graph.op('Div', [graph.op('Sub', [embedding, graph.constant(parts.mean)]), scale]);
  const { slopes, gain } = attributeHead(graph, {
    ...parts,
    positive,
    embedding: standardised(signedSquareRoot(graph, features)),
    reference: standardised(graph.constant(referenceEmbedding(stored), [1, backbone.embeddingSize])),
  });
  const map = sumOfTaps(graph, backbone.taps, taps, graph.op('Div', [slopes, scale]), stored);
  addOutputs(graph, map, gain, finestGrid(backbone.taps));
  return graph.toBytes();
}

type TapStore = { mean: StoredReference; deviation: StoredReference };

/** The reference's features, rooted, in the backbone's order: means, then standard deviations, tap after tap. */
function referenceEmbedding(stored: TapStore[]): Float32Array {
  return Float32Array.from(
    stored.flatMap(({ mean, deviation }) => [
      ...mean.channelMeans.map((value) => Math.sign(value) * Math.sqrt(Math.abs(value))),
      ...deviation.channelMeans.map((variance) => Math.max(0, variance) ** 0.25),
    ]),
  );
}

function sumOfTaps(
  graph: GraphBuilder,
  taps: readonly Tap[],
  values: Value[],
  slopes: Value,
  stored: TapStore[],
): Value {
  const grid = finestGrid(taps);
  let at = 0;
  const take = (length: number) => {
    at += length;
    return graph.op('Slice', [slopes, graph.int64([at - length]), graph.int64([at]), graph.int64([1])]);
  };
  const maps = taps.map(({ channels, height, width }, i) => {
    const tapSlopes = { mean: take(channels), deviation: take(channels) };
    const flat = splitOverPlaces(graph, values[i]!, { channels, places: height * width }, tapSlopes, stored[i]!);
    const map = graph.op('Reshape', [flat, graph.int64([-1, height, width])]);
    return enlarge(graph, quietenBorder(graph, map, { height, width }), { height, width }, grid);
  });
  const [only, ...others] = maps;
  return only !== undefined && others.length === 0 ? only : graph.op('Sum', maps);
}

function finestGrid(taps: readonly Tap[]): { height: number; width: number } {
  return { height: Math.max(...taps.map(({ height }) => height)), width: Math.max(...taps.map(({ width }) => width)) };
}

function addOutputs(
  graph: GraphBuilder,
  map: Value,
  gain: Value,
  { height, width }: { height: number; width: number },
): void {
  const sum = graph.op('ReduceSum', [map, graph.int64([1, 2])], { keepdims: 0 });
  const gap = graph.op('Abs', [graph.op('Sub', [sum, gain])]);
  const against = graph.op('Max', [graph.op('Abs', [gain]), graph.scalar(1)]);
  graph.output('map', map, 'float32', ['N', height, width]);
  graph.output('map_size', graph.constant(Float32Array.of(height, width)), 'float32', [2]);
  graph.output('gain', gain, 'float32', ['N']);
  graph.output('completeness_error', graph.op('Div', [gap, against]), 'float32', ['N']);
}
