import type { GraphBuilder, Value } from '../../onnx/graph-builder.ts';

/** Average of one tap over training photos, cell by cell: the zero of the heat map. */
export interface TapReference {
  /** Tap of the backbone. */
  name: string;
  channels: number;
  height: number;
  width: number;
  /** Mean activation, [C, H, W]. */
  mean: Float32Array;
  /** Mean squared deviation from the photo's own channel mean, [C, H, W]. */
  deviation: Float32Array;
}

/** A reference in the graph: uint16 steps of 1/65,535 of the largest value, half the size of float32. */
export interface StoredReference {
  /** float32 [C, P]. */
  value: Value;
  /** Of each channel over cells, from the stored numbers. */
  channelMeans: Float64Array;
}

export function storeReference(graph: GraphBuilder, values: Float32Array, channels: number): StoredReference {
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const step = Math.fround((high - low) / 65_535) || 1;
  const steps = Uint16Array.from(values, (value) => Math.min(65_535, Math.round((value - low) / step)));
  const places = values.length / channels;
  const scaled = graph.op('Mul', [
    graph.cast(graph.constant(steps, [channels, places]), 'float32'),
    graph.scalar(step),
  ]);
  const channelMeans = Float64Array.from({ length: channels }, (_, c) => {
    let sum = 0;
    for (let p = 0; p < places; p++) sum += steps[c * places + p]! * step;
    return sum / places + Math.fround(low);
  });
  return { value: graph.op('Add', [scaled, graph.scalar(low)]), channelMeans };
}
