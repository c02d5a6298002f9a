import type { GraphBuilder, Value } from '../../../src/onnx/graph-builder.ts';
import type { KerasLayer, LayersModel } from './layers-model.ts';
import type { Padding } from './padding.ts';

/** Output of a layer: a value [N, channels, height, width] float32. */
export interface Feature {
  value: Value;
  channels: number;
  height: number;
  width: number;
  /** Zero padding that the next layer must apply (a ZeroPadding2D before a convolution). */
  padding: Padding;
}

/** The state of one conversion. */
export interface Conversion {
  graph: GraphBuilder;
  model: LayersModel;
  features: Map<string, Feature>;
  /** Consumers of each layer. */
  readers: Map<string, KerasLayer[]>;
}

/** @throws Error when the layer was not converted */
export function featureOf({ features }: Conversion, layer: string): Feature {
  const feature = features.get(layer);
  if (!feature) throw new Error(`layer ${layer} was not converted`);
  return feature;
}

/** Only convolutions accept an input with pending zero padding. */
export function unpadded(layer: KerasLayer, input: Feature): Feature {
  if (Object.values(input.padding).some((side) => side !== 0)) {
    throw new Error(`layer ${layer.name}: ZeroPadding2D is supported only before a convolution`);
  }
  return input;
}
