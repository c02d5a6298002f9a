import {
  inputsOf,
  type KerasLayer,
  type LayersModel,
  layersNeeded,
} from '../../../scripts/prepare/keras/layers-model.ts';

/** float64, row-major [height, width, channels]. */
export interface Picture {
  height: number;
  width: number;
  channels: number;
  data: Float64Array;
}

/**
 * The Keras layers as their documentation says, one by one in float64: weights dequantised in float64, batch norm a step of its own, NHWC, padding by
 * coordinates out of range. Shares no arithmetic with the converter.
 */
export function evaluateLayers(model: LayersModel, image: Picture, taps: readonly string[]): Picture[] {
  const made = new Map<string, Picture>();
  for (const layer of layersNeeded(model, taps)) {
    const inputs = inputsOf(layer).map((name) => made.get(name)!);
    made.set(layer.name, layer.class_name === 'InputLayer' ? image : evaluate(model, layer, inputs));
  }
  return taps.map((tap) => made.get(tap)!);
}

function evaluate(model: LayersModel, layer: KerasLayer, inputs: Picture[]): Picture {
  const input = inputs[0]!;
  switch (layer.class_name) {
    case 'ZeroPadding2D':
      return zeroPadding(layer, input);
    case 'Conv2D':
      return convolve(layer, input, weight(model, `${layer.name}/kernel`));
    case 'DepthwiseConv2D':
      return convolveDepthwise(layer, input, weight(model, `${layer.name}/depthwise_kernel`));
    case 'BatchNormalization':
      return batchNorm(model, layer, input);
    case 'ReLU':
    case 'Activation':
      return { ...input, data: input.data.map((x) => Math.min(Math.max(x, 0), layer.config.max_value ?? Infinity)) };
    case 'Add':
      return {
        ...input,
        data: input.data.map((x, i) => inputs.slice(1).reduce((sum, other) => sum + other.data[i]!, x)),
      };
    case 'Concatenate':
      return concatenate(inputs);
    case 'MaxPooling2D':
    case 'AveragePooling2D':
      return pool(layer, input);
    default:
      throw new Error(layer.class_name);
  }
}

function weight(model: LayersModel, name: string): { shape: number[]; data: Float64Array } {
  const { shape, bytes, min, scale } = model.weights.get(name)!;
  return { shape, data: Float64Array.from(bytes, (byte) => byte * scale + min) };
}

function zeroPadding(layer: KerasLayer, input: Picture): Picture {
  const [[top, bottom], [left, right]] = layer.config.padding as [[number, number], [number, number]];
  const out = blank(input.height + top + bottom, input.width + left + right, input.channels);
  const row = input.width * input.channels;
  for (let y = 0; y < input.height; y++) {
    out.data.set(input.data.subarray(y * row, (y + 1) * row), ((y + top) * out.width + left) * input.channels);
  }
  return out;
}

function blank(height: number, width: number, channels: number): Picture {
  return { height, width, channels, data: new Float64Array(height * width * channels) };
}

/** Places of the output along one axis, and where the first window begins. */
function windows(
  layer: KerasLayer,
  size: number,
  axis: 0 | 1,
): { places: number; start: number; kernel: number; stride: number } {
  const kernel = (layer.config.kernel_size ?? layer.config.pool_size!)[axis];
  const stride = layer.config.strides![axis];
  if (layer.config.padding !== 'same')
    return { places: Math.ceil((size - kernel + 1) / stride), start: 0, kernel, stride };
  const places = Math.ceil(size / stride);
  return { places, start: -Math.floor(Math.max((places - 1) * stride + kernel - size, 0) / 2), kernel, stride };
}

/** Calls back for each (output place, input place under the kernel) pair that lies inside the picture. */
function eachWindow(
  layer: KerasLayer,
  input: Picture,
  channels: number,
  visit: (total: Float64Array, to: number, from: number, kernelPlace: number) => void,
  initial = 0,
): Picture {
  const rows = windows(layer, input.height, 0);
  const columns = windows(layer, input.width, 1);
  const out = blank(rows.places, columns.places, channels);
  out.data.fill(initial);
  for (let oy = 0; oy < rows.places; oy++)
    for (let ox = 0; ox < columns.places; ox++)
      for (let ky = 0; ky < rows.kernel; ky++)
        for (let kx = 0; kx < columns.kernel; kx++) {
          const y = oy * rows.stride + rows.start + ky;
          const x = ox * columns.stride + columns.start + kx;
          if (y < 0 || y >= input.height || x < 0 || x >= input.width) continue;
          visit(
            out.data,
            (oy * columns.places + ox) * channels,
            (y * input.width + x) * input.channels,
            ky * columns.kernel + kx,
          );
        }
  return out;
}

function convolve(
  layer: KerasLayer,
  input: Picture,
  { shape, data: kernel }: { shape: number[]; data: Float64Array },
): Picture {
  const [, , depth, channels] = shape as [number, number, number, number];
  return eachWindow(layer, input, channels, (total, to, from, place) =>
    accumulate(total, to, channels, input.data, from, depth, kernel, place * depth * channels),
  );
}

function accumulate(
  total: Float64Array,
  to: number,
  channels: number,
  input: Float64Array,
  from: number,
  depth: number,
  kernel: Float64Array,
  kernelFrom: number,
): void {
  for (let i = 0; i < depth; i++) {
    const x = input[from + i]!;
    if (x === 0) continue;
    const row = kernelFrom + i * channels;
    for (let o = 0; o < channels; o++) total[to + o]! += x * kernel[row + o]!;
  }
}

function convolveDepthwise(layer: KerasLayer, input: Picture, { data: kernel }: { data: Float64Array }): Picture {
  const { channels } = input;
  return eachWindow(layer, input, channels, (total, to, from, place) => {
    for (let c = 0; c < channels; c++) total[to + c]! += input.data[from + c]! * kernel[place * channels + c]!;
  });
}

function batchNorm(model: LayersModel, layer: KerasLayer, input: Picture): Picture {
  const values = (name: string) => weight(model, `${layer.name}/${name}`).data;
  const { epsilon, scale, center } = layer.config;
  const gamma = scale ? values('gamma') : new Float64Array(input.channels).fill(1);
  const beta = center ? values('beta') : new Float64Array(input.channels);
  const mean = values('moving_mean');
  const deviation = values('moving_variance').map((variance) => Math.sqrt(variance + epsilon!));
  const data = input.data.map((x, i) => {
    const c = i % input.channels;
    return (gamma[c]! * (x - mean[c]!)) / deviation[c]! + beta[c]!;
  });
  return { ...input, data };
}

function concatenate(inputs: Picture[]): Picture {
  const { height, width } = inputs[0]!;
  const out = blank(
    height,
    width,
    inputs.reduce((sum, input) => sum + input.channels, 0),
  );
  for (let place = 0; place < height * width; place++) {
    let to = place * out.channels;
    for (const { data, channels } of inputs) {
      out.data.set(data.subarray(place * channels, (place + 1) * channels), to);
      to += channels;
    }
  }
  return out;
}

function pool(layer: KerasLayer, input: Picture): Picture {
  const { channels } = input;
  const highest = layer.class_name === 'MaxPooling2D';
  const counts = new Map<number, number>();
  const visit = (total: Float64Array, to: number, from: number) => {
    counts.set(to, (counts.get(to) ?? 0) + 1);
    for (let c = 0; c < channels; c++) {
      const x = input.data[from + c]!;
      total[to + c] = highest ? Math.max(total[to + c]!, x) : total[to + c]! + x;
    }
  };
  const out = eachWindow(layer, input, channels, visit, highest ? -Infinity : 0);
  if (highest) return out;
  return { ...out, data: out.data.map((sum, i) => sum / counts.get(i - (i % channels))!) };
}
