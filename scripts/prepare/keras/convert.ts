import type { GraphBuilder, Value } from '../../../src/onnx/graph-builder.ts';
import { type Conversion, type Feature, featureOf } from './conversion.ts';
import { convolution } from './convert-convolution.ts';
import { activation, addition, concatenation, pooling } from './convert-simple.ts';
import { inputsOf, type KerasLayer, type LayersModel, layersNeeded } from './layers-model.ts';
import { noPadding, type Padding } from './padding.ts';

/** Adds one layer to the graph. Several inputs only for Add and Concatenate. */
type Converter = (conversion: Conversion, layer: KerasLayer, inputs: [Feature, ...Feature[]]) => Feature;

const converters: Record<string, Converter> = {
  Conv2D: convolution,
  DepthwiseConv2D: convolution,
  // Done by the convolution before it.
  BatchNormalization: (_, __, [input]) => input,
  ReLU: activation,
  Activation: activation,
  Add: addition,
  Concatenate: concatenation,
  MaxPooling2D: pooling,
  AveragePooling2D: pooling,
  ZeroPadding2D: (_, layer, [input]) => ({ ...input, padding: paddingOf(layer) }),
};

/**
 * Writes the Keras layers up to the last tap into the graph, NHWC to NCHW, batch norm folded into the convolutions. Each tap's value is named after
 * its layer.
 * @param image float32 [N, 3, height, width], normalised
 * @returns the taps, in the order given
 */
export function convertLayers(
  graph: GraphBuilder,
  model: LayersModel,
  image: { value: Value; height: number; width: number },
  taps: readonly string[],
): Feature[] {
  const layers = layersNeeded(model, taps);
  const readers = new Map<string, KerasLayer[]>();
  for (const layer of layers)
    for (const input of inputsOf(layer)) readers.set(input, [...(readers.get(input) ?? []), layer]);
  const conversion: Conversion = { graph, model, features: new Map(), readers };
  for (const layer of layers) {
    conversion.features.set(layer.name, convertLayer(conversion, layer, { ...image, channels: 3, padding: noPadding }));
  }
  return taps.map((tap) => featureOf(conversion, tap));
}

function convertLayer(conversion: Conversion, layer: KerasLayer, image: Feature): Feature {
  if (layer.class_name === 'InputLayer') return image;
  const converter = converters[layer.class_name];
  if (!converter) throw new Error(`layer ${layer.name}: no converter for ${layer.class_name}`);
  const [first, ...rest] = inputsOf(layer).map((name) => featureOf(conversion, name));
  if (!first) throw new Error(`layer ${layer.name} has no input`);
  return converter(conversion, layer, [first, ...rest]);
}

function paddingOf(layer: KerasLayer): Padding {
  const { padding } = layer.config;
  if (!Array.isArray(padding)) throw new Error(`layer ${layer.name}: no padding`);
  const [[top, bottom], [left, right]] = padding;
  return { top, left, bottom, right };
}
