import { sha256 } from '../codecs/digest.ts';
import { currentResampler } from '../contracts/artifacts/signature.ts';
import type { OwnBackbone } from '../contracts/backbone.ts';
import { MitateError } from '../errors/index.ts';
import type { Graph, GraphPort } from '../onnx/graph.ts';
import { GraphBuilder, type Value } from '../onnx/graph-builder.ts';
import { readModel } from '../onnx/read-model.ts';
import { upgradedOpset } from '../onnx/upgrade-opset.ts';
import type { Backbone } from './backbone.ts';
import { pooledFeatures } from './features.ts';
import { measureValues, type WantedValues } from './measure-values.ts';
import { inputOf, normalisedInput, type OwnInput } from './own-input.ts';

/**
 * Your own model as a backbone: `pixels uint8 [N, H, W, 3]` normalised into the model's input, its taps pooled or its feature vector used
 * directly. Shapes are measured by running it on a grey photo.
 * @throws BACKBONE_MISFIT when the entry and the file do not match; MODEL_* from reading the file
 */
export async function adaptOwnModel(bytes: Uint8Array, own: OwnBackbone, source: string): Promise<Backbone> {
  const model = upgradedOpset(readModel(bytes));
  const misfit = (reason: string): never => {
    throw new MitateError('BACKBONE_MISFIT', { source, reason });
  };
  const branch = model.graph.nodes.find(({ attributes }) =>
    [...attributes.values()].some(({ kind }) => kind === 'graph'),
  );
  if (branch) misfit(`it has control flow ("${branch.name}", ${branch.type})`);
  const input = inputOf(model.graph, own, misfit);
  const names = wantedValues(model.graph, own, misfit);
  const compose = (finish: (graph: GraphBuilder, find: (name: string) => Value) => void): Uint8Array => {
    const graph = GraphBuilder.withOpsets(own.name, model.opsets);
    const pixels = graph.input('pixels', 'uint8', ['N', input.height, input.width, 3]);
    const prefix = 'own/';
    const find = graph.import(model.graph, {
      prefix,
      inputs: { [input.name]: normalisedInput(graph, pixels, input, own) },
    });
    finish(graph, find);
    return graph.toBytes();
  };
  const probe = compose((graph, find) =>
    names.values.forEach((name, i) => void graph.output(`value${i}`, find(name), 'float32', [])),
  );
  const shapes = await measureValues(probe, names, input, misfit);
  const embeddingSize = (names.pooled ? 2 : 1) * shapes.reduce((sum, [channels = 0]) => sum + channels, 0);
  const whole = compose((graph, find) => {
    const values = names.values.map(find);
    const [vector] = values;
    const features = names.pooled || !vector ? pooledFeatures(graph, values, 'features') : vector;
    graph.output('features', features, 'float32', ['N', embeddingSize]);
  });
  return describe(whole, own, input, names.pooled ? names.values : [], shapes, embeddingSize);
}

function describe(
  bytes: Uint8Array,
  own: OwnBackbone,
  { width, height }: OwnInput,
  taps: string[],
  shapes: number[][],
  embeddingSize: number,
): Backbone {
  const { fit, kernel } = own.input;
  return {
    name: own.name,
    digest: sha256(bytes),
    bytes,
    preprocess: { width, height, fit, kernel, resampler: currentResampler },
    embeddingSize,
    taps: taps.map((name, i) => {
      const [channels = 0, tapHeight = 0, tapWidth = 0] = shapes[i] ?? [];
      return { name: `own/${name}`, channels, height: tapHeight, width: tapWidth };
    }),
  };
}

function wantedValues(graph: Graph, own: OwnBackbone, misfit: (reason: string) => never): WantedValues {
  const made = new Set(graph.nodes.flatMap((node) => node.outputs));
  for (const name of own.taps ?? (own.features ? [own.features] : [])) {
    if (!made.has(name))
      misfit(`it has no value "${name}"; its outputs are ${graph.outputs.map((port) => port.name).join(', ')}`);
  }
  if (own.taps) return { values: own.taps, pooled: true };
  if (own.features) return { values: [own.features], pooled: false };
  const ofRank = (rank: number) => graph.outputs.filter((port: GraphPort) => port.shape?.length === rank);
  const maps = ofRank(4).map((port) => port.name);
  if (maps.length > 0) return { values: maps, pooled: true };
  const vectors = ofRank(2).map((port) => port.name);
  if (vectors.length !== 1) misfit('name its taps ([N, C, H, W]) or its features ([N, D]): the outputs are ambiguous');
  return { values: vectors, pooled: false };
}
