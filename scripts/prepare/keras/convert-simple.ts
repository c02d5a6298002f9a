import type { GraphBuilder, Value } from '../../../src/onnx/graph-builder.ts';
import { type Conversion, type Feature, unpadded } from './conversion.ts';
import type { KerasLayer } from './layers-model.ts';
import { onnxPads, placesAlong, samePadding } from './padding.ts';

type Inputs = [Feature, ...Feature[]];

/** ReLU, capped if the layer has a maximum. */
export function activation({ graph }: Conversion, layer: KerasLayer, [input]: Inputs): Feature {
  const { activation: kind = 'relu', max_value: cap, negative_slope: slope = 0, threshold = 0 } = layer.config;
  if (kind !== 'relu' || slope !== 0 || threshold !== 0)
    throw new Error(`layer ${layer.name}: only plain ReLU is supported`);
  const { value } = unpadded(layer, input);
  return { ...input, value: rectified(graph, value, cap ?? undefined, layer.name) };
}

function rectified(graph: GraphBuilder, value: Value, cap: number | undefined, name: string): Value {
  if (cap === undefined) return graph.op('Relu', [value], {}, name);
  return graph.op('Clip', [value, graph.scalar(0, `${name}/low`), graph.scalar(cap, `${name}/high`)], {}, name);
}

export function addition({ graph }: Conversion, layer: KerasLayer, inputs: Inputs): Feature {
  const values = inputs.map((input) => unpadded(layer, input).value);
  return { ...inputs[0], value: graph.op(values.length === 2 ? 'Add' : 'Sum', values, {}, layer.name) };
}

/** Along the channels, which are the last axis in Keras and axis 1 here. */
export function concatenation({ graph }: Conversion, layer: KerasLayer, inputs: Inputs): Feature {
  const { axis } = layer.config;
  if (axis !== 3 && axis !== -1) throw new Error(`layer ${layer.name}: only concatenation of channels is supported`);
  const values = inputs.map((input) => unpadded(layer, input).value);
  const channels = inputs.reduce((sum, input) => sum + input.channels, 0);
  return { ...inputs[0], channels, value: graph.op('Concat', values, { axis: 1 }, layer.name) };
}

/** MaxPooling2D, AveragePooling2D. Keras excludes padding from an average. */
export function pooling({ graph }: Conversion, layer: KerasLayer, [input]: Inputs): Feature {
  const { pool_size: kernel, strides, padding } = layer.config;
  if (!kernel || !strides) throw new Error(`layer ${layer.name}: no pool size`);
  const same = padding === 'same';
  const [top, bottom] = same ? samePadding(input.height, kernel[0], strides[0]) : [0, 0];
  const [left, right] = same ? samePadding(input.width, kernel[1], strides[1]) : [0, 0];
  const attributes = { kernel_shape: kernel, strides, pads: onnxPads({ top, left, bottom, right }) };
  const { value } = unpadded(layer, input);
  return {
    ...input,
    value:
      layer.class_name === 'MaxPooling2D'
        ? graph.op('MaxPool', [value], attributes, layer.name)
        : graph.op('AveragePool', [value], { ...attributes, count_include_pad: 0 }, layer.name),
    height: placesAlong(input.height, top, bottom, kernel[0], strides[0]),
    width: placesAlong(input.width, left, right, kernel[1], strides[1]),
  };
}
