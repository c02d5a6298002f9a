import type { Backbone } from '../../../src/backbones/backbone.ts';
import { channelsFirst, pooledFeatures } from '../../../src/backbones/features.ts';
import type { KerasEntry } from '../../../src/backbones/table.ts';
import { sha256 } from '../../../src/codecs/digest.ts';
import { GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import { convertLayers } from './convert.ts';
import type { LayersModel } from './layers-model.ts';

/** Converts a Keras layers model into a backbone: pixels in, normalised, the layers up to the last tap, pooled features out. */
export function buildBackbone(entry: KerasEntry, model: LayersModel): Backbone {
  const { width, height } = entry.preprocess;
  const graph = new GraphBuilder(entry.name);
  const pixels = graph.input('pixels', 'uint8', ['N', height, width, 3]);
  const scaled = graph.op('Mul', [channelsFirst(graph, pixels), graph.scalar(entry.normalisation.scale)]);
  const image = graph.op('Add', [scaled, graph.scalar(entry.normalisation.offset)], {}, 'image');
  const taps = convertLayers(graph, model, { value: image, height, width }, entry.taps);
  const embeddingSize = 2 * taps.reduce((sum, tap) => sum + tap.channels, 0);
  const features = pooledFeatures(
    graph,
    taps.map((tap) => tap.value),
    'features',
  );
  graph.output('features', features, 'float32', ['N', embeddingSize]);
  const bytes = graph.toBytes();
  return {
    name: entry.name,
    digest: sha256(bytes),
    bytes,
    preprocess: entry.preprocess,
    embeddingSize,
    taps: taps.map(({ value, channels, height: h, width: w }) => ({ name: value, channels, height: h, width: w })),
  };
}
