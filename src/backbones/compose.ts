import type { HeadWeights } from '../contracts/artifacts/head.ts';
import type { View } from '../contracts/artifacts/signature.ts';
import { GraphBuilder, type Value } from '../onnx/graph-builder.ts';
import { readModel } from '../onnx/read-model.ts';
import type { Backbone } from './backbone.ts';
import { signedSquareRoot } from './features.ts';
import { addHead, averagedLogits, classesOf } from './head-graph.ts';
import { stackedViews } from './views.ts';

/** Prefix of the backbone's values in a composed graph: tap `t` is `backbone/t`. */
const backbonePrefix = 'backbone/';

export interface ComposedBackbone {
  graph: GraphBuilder;
  /** Graph input, uint8 [N, H, W, 3]. */
  pixels: Value;
  /** Attaches the backbone to these pixels. Once per graph. */
  attach(pixels: Value): AttachedBackbone;
}
export interface AttachedBackbone {
  /** float32 [N, C, H, W] each, in the backbone's order. */
  taps: Value[];
  /** float32 [N, D]: pooled, not rooted. */
  features: Value;
}

/** A new graph with the input `pixels`, of the backbone's operator set, that the backbone can be attached to. */
export function startGraph(name: string, backbone: Backbone): ComposedBackbone {
  const source = readModel(backbone.bytes);
  const graph = GraphBuilder.withOpsets(name, source.opsets);
  const { height, width } = backbone.preprocess;
  const attach = (input: Value): AttachedBackbone => {
    const find = graph.import(source.graph, { prefix: backbonePrefix, inputs: { pixels: input } });
    return { taps: backbone.taps.map((tap) => find(tap.name)), features: find('features') };
  };
  return { graph, pixels: graph.input('pixels', 'uint8', ['N', height, width, 3]), attach };
}

/** ONNX bytes: `pixels uint8 [N, H, W, 3] -> embedding float32 [N, D]`, the signed square root of the features, not standardised. */
export function composeEmbedder(backbone: Backbone): Uint8Array {
  const { graph, pixels, attach } = startGraph('embedder', backbone);
  const embedding = signedSquareRoot(graph, attach(pixels).features, 'embedding');
  graph.output('embedding', embedding, 'float32', ['N', backbone.embeddingSize]);
  return graph.toBytes();
}

export interface ModelParts {
  backbone: Backbone;
  /** Averaged. All members of the dihedral group (quarter turns and transposes of square photos only) and crops, equal to the bit to `applyView`. */
  views: readonly View[];
  /** Standardiser, [D] each: (embedding - mean) / scale. */
  mean: Float32Array;
  scale: Float32Array;
  head: HeadWeights;
  /** > 0. */
  temperature: number;
}

/**
 * ONNX bytes: `pixels uint8 [N, H, W, 3] -> logits, probabilities float32 [N, K], embedding float32 [N, D]`.
 * With z the head's logits of a view and T the temperature: logits = log(mean over views of softmax(z)) / T (one view: z / T),
 * probabilities = softmax(logits). `embedding` is that of the first view. All views go through the backbone as one batch.
 */
export function composeModel(parts: ModelParts): Uint8Array {
  const { backbone, views, head } = parts;
  const { graph, pixels, attach } = startGraph('model', backbone);
  const { features } = attach(stackedViews(graph, pixels, views, backbone.preprocess));
  const embeddings = signedSquareRoot(graph, features);
  const standardised = graph.op('Div', [
    graph.op('Sub', [embeddings, graph.constant(parts.mean, undefined, { name: 'standardiser/mean' })]),
    graph.constant(parts.scale, undefined, { name: 'standardiser/scale' }),
  ]);
  const classes = classesOf(head);
  const averaged = averagedLogits(graph, addHead(graph, standardised, head), views.length, classes);
  const logits = graph.op('Div', [averaged, graph.scalar(parts.temperature, 'temperature')], {}, 'logits');
  graph.output('logits', logits, 'float32', ['N', classes]);
  graph.output('probabilities', graph.op('Softmax', [logits], { axis: -1 }, 'probabilities'), 'float32', [
    'N',
    classes,
  ]);
  const first = views.length === 1 ? embeddings : firstView(graph, embeddings, views.length, backbone.embeddingSize);
  graph.output('embedding', first, 'float32', ['N', backbone.embeddingSize]);
  return graph.toBytes();
}

/** [V N, D] -> [N, D] of view 0. */
function firstView(graph: GraphBuilder, embeddings: Value, views: number, size: number): Value {
  const byView = graph.op('Reshape', [embeddings, graph.int64([views, -1, size])]);
  return graph.op('Gather', [byView, graph.initializer({ dtype: 'int64', shape: [], data: new Uint8Array(8) })], {
    axis: 0,
  });
}
