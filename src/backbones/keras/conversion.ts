import type { GraphBuilder, Value } from '../../onnx/graph-builder.ts';
import type { KerasLayer, LayersModel } from './layers-model.ts';
import type { Padding } from './padding.ts';

/** What a layer gives: a value [N, channels, height, width] float32. */
export interface Feature {
  value: Value;
  channels: number;
  height: number;
  width: number;
  /** Zeros that the next layer must put around it (a ZeroPadding2D before a convolution). */
  padding: Padding;
}

/** The state of one conversion. */
export interface Conversion {
  graph: GraphBuilder;
  model: LayersModel;
  features: Map<string, Feature>;
  /** Layers that read each layer. */
  readers: Map<string, KerasLayer[]>;
}

/** Layers but convolutions take no input that still waits for its zeros. */
export function unpadded(layer: KerasLayer, input: Feature): Feature {
  if (Object.values(input.padding).some((side) => side !== 0)) {
    throw new Error(`layer ${layer.name}: ZeroPadding2D is only taken before a convolution`);
  }
  return input;
}
