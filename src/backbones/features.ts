import type { GraphBuilder, Value } from '../onnx/graph-builder.ts';

/**
 * The features of some taps: tap after tap, the means over positions and then the standard deviations (population).
 * The variance is the mean of squared deviations; E[x^2] - E[x]^2 loses half the digits of float32 where the mean is large.
 * @param taps float32 [N, C, H, W] each
 * @returns float32 [N, 2 (C1 + C2 + ...)]
 */
export function pooledFeatures(graph: GraphBuilder, taps: readonly Value[], name?: string): Value {
  const parts = taps.flatMap((tap) => {
    const mean = graph.op('GlobalAveragePool', [tap]);
    const deviation = graph.op('Sub', [tap, mean]);
    const variance = graph.op('GlobalAveragePool', [graph.op('Mul', [deviation, deviation])]);
    return [mean, graph.op('Sqrt', [variance])];
  });
  return graph.op('Flatten', [graph.op('Concat', parts, { axis: 1 })], { axis: 1 }, name);
}

/** sign(x) sqrt(|x|), element by element: compresses the long tail of the pooled activations. */
export function signedSquareRoot(graph: GraphBuilder, value: Value, name?: string): Value {
  return graph.op('Mul', [graph.op('Sign', [value]), graph.op('Sqrt', [graph.op('Abs', [value])])], {}, name);
}

/** uint8 [N, H, W, 3] -> float32 [N, 3, H, W]. */
export function channelsFirst(graph: GraphBuilder, pixels: Value): Value {
  return graph.op('Transpose', [graph.cast(pixels, 'float32')], { perm: [0, 3, 1, 2] });
}
