import type { GraphBuilder, Value } from '../../onnx/graph-builder.ts';
import type { StoredReference } from './reference.ts';

const tiny = 1e-12;

/**
 * Attributes the mean feature and the deviation feature of each channel to the cells of a tap. A pooled mean is a sum over cells and a
 * variance a sum of squared deviations over cells, so the split is exact up to the roots; through the roots it uses the secant between
 * reference and photo, which is exact too: sqrt(m) - sqrt(r) = (m - r) / (sqrt(m) + sqrt(r)). (The tangent diverges where a
 * channel is 0 in the photo.)
 *
 * @param tap float32 [N, C, H, W]
 * @param slopes of the rooted features before standardising, [N, C] each
 * @returns float32 [N, H W]
 */
export function splitOverPlaces(
  graph: GraphBuilder,
  tap: Value,
  size: { channels: number; places: number },
  slopes: { mean: Value; deviation: Value },
  reference: { mean: StoredReference; deviation: StoredReference },
): Value {
  const { channels, places } = size;
  const pooled = graph.op('GlobalAveragePool', [tap]);
  const away = graph.op('Sub', [tap, pooled]);
  const squared = graph.op('Mul', [away, away]);
  const variance = graph.op('GlobalAveragePool', [squared]);
  const flat = (value: Value) => graph.op('Flatten', [value], { axis: 1 });
  const constant = (values: Float64Array) => graph.constant(Float32Array.from(values), [1, channels]);
  const meanSecant = secantOfSignedRoot(graph, flat(pooled), constant(reference.mean.channelMeans));
  const deviationSecant = secantOfFourthRoot(graph, flat(variance), constant(reference.deviation.channelMeans));
  const share = (values: Value, stored: StoredReference, slope: Value, secant: Value) => {
    const byPlace = graph.op('Reshape', [values, graph.int64([-1, channels, places])]);
    const unusual = graph.op('Sub', [byPlace, stored.value]);
    const weight = graph.op('Unsqueeze', [graph.op('Mul', [slope, secant]), graph.int64([1])]);
    return graph.op('MatMul', [weight, unusual]);
  };
  const means = share(tap, reference.mean, slopes.mean, meanSecant);
  const deviations = share(squared, reference.deviation, slopes.deviation, deviationSecant);
  const sum = graph.op('Squeeze', [graph.op('Add', [means, deviations]), graph.int64([1])]);
  return graph.op('Div', [sum, graph.scalar(places)]);
}

/** (s(a) - s(b)) / (a - b) for s(x) = sign(x) sqrt|x|. */
function secantOfSignedRoot(graph: GraphBuilder, a: Value, b: Value): Value {
  const size = (value: Value) => graph.op('Abs', [value]);
  const root = (value: Value) => graph.op('Sqrt', [size(value)]);
  const roots = graph.op('Add', [root(a), root(b)]);
  const sizes = graph.op('Add', [size(a), size(b)]);
  const sameSide = graph.op('GreaterOrEqual', [graph.op('Mul', [a, b]), graph.scalar(0)]);
  const across = graph.op('Div', [roots, graph.op('Max', [sizes, graph.scalar(tiny)])]);
  return graph.op('Where', [sameSide, graph.op('Reciprocal', [atLeastTiny(graph, roots)]), across]);
}

/** (a^1/4 - b^1/4) / (a - b), a and b >= 0: the root of a standard deviation, in terms of the variance. */
function secantOfFourthRoot(graph: GraphBuilder, a: Value, b: Value): Value {
  const root = (value: Value) => graph.op('Sqrt', [graph.op('Max', [value, graph.scalar(0)])]);
  const [ra, rb] = [root(a), root(b)];
  const roots = graph.op('Add', [ra, rb]);
  const fourthRoots = graph.op('Add', [root(ra), root(rb)]);
  return graph.op('Reciprocal', [atLeastTiny(graph, graph.op('Mul', [roots, fourthRoots]))]);
}

/** Both 0: so is the difference, and the secant may be any finite number. */
function atLeastTiny(graph: GraphBuilder, value: Value): Value {
  return graph.op('Max', [value, graph.scalar(tiny)]);
}
