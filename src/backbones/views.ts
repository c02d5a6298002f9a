import type { Preprocess, View } from '../contracts/artifacts/signature.ts';
import { MitateError } from '../errors/index.ts';
import type { GraphBuilder, Value } from '../onnx/graph-builder.ts';

const rows = 1;
const columns = 2;
/** Each view of the dihedral group: first swap rows and columns, then reverse axes. */
const dihedral: Record<string, { swap?: true; reverse: number[] }> = {
  'flip-h': { reverse: [columns] },
  'flip-v': { reverse: [rows] },
  rot180: { reverse: [rows, columns] },
  rot90: { swap: true, reverse: [rows] },
  rot270: { swap: true, reverse: [columns] },
  transpose: { swap: true, reverse: [] },
  transverse: { swap: true, reverse: [rows, columns] },
};

/**
 * uint8 [N, H, W, 3] -> uint8 [V N, H, W, 3], view after view, bit-identical to vision/view.ts.
 * @throws MODEL_VIEWS_INVALID on quarter turns of photos that are not square, or no view
 */
export function stackedViews(graph: GraphBuilder, pixels: Value, views: readonly View[], size: Preprocess): Value {
  if (views.length === 0) throw new MitateError('MODEL_VIEWS_INVALID', { reason: 'no view is given' });
  const values = views.map((view) => viewOf(graph, pixels, view, size));
  const [only, ...others] = values;
  return only !== undefined && others.length === 0 ? only : graph.op('Concat', values, { axis: 0 });
}

function viewOf(graph: GraphBuilder, pixels: Value, view: View, size: Preprocess): Value {
  if (view === 'plain') return pixels;
  if (view.startsWith('crop-')) return cropped(graph, pixels, Number(view.slice(5)), size);
  const { swap, reverse } = dihedral[view]!;
  if (swap && size.width !== size.height) {
    throw new MitateError('MODEL_VIEWS_INVALID', {
      reason: `${view} needs square photos, these are ${size.width}x${size.height}`,
    });
  }
  return reversed(graph, swap ? graph.op('Transpose', [pixels], { perm: [0, 2, 1, 3] }) : pixels, reverse);
}

function reversed(graph: GraphBuilder, value: Value, axes: readonly number[]): Value {
  if (axes.length === 0) return value;
  const all = (number: number) => graph.int64(axes.map(() => number));
  // Slice clamps an end below -size to "before the first".
  return graph.op('Slice', [value, all(-1), all(-(2 ** 31)), graph.int64(axes), all(-1)]);
}

/** Side of a crop's window over the photo's. */
const cropSide = 0.875;

/** Shares are multiples of 1/16, so their products with bytes are exact in float32 and the rounding agrees with float64's. */
function cropped(graph: GraphBuilder, pixels: Value, place: number, size: Preprocess): Value {
  const image = graph.cast(pixels, 'float32');
  const across = mixed(graph, image, columns, size.width, place % 3);
  const both = mixed(graph, across, rows, size.height, Math.floor(place / 3));
  return graph.cast(graph.op('Floor', [graph.op('Add', [both, graph.scalar(0.5)])]), 'uint8');
}

/** Bilinear along one axis: each position is a weighted sum of two neighbours. */
function mixed(graph: GraphBuilder, image: Value, axis: number, length: number, third: number): Value {
  const start = (third * length * (1 - cropSide)) / 2;
  const at = Array.from({ length }, (_, i) => Math.min(length - 1, Math.max(0, start + (i + 0.5) * cropSide - 0.5)));
  const low = at.map(Math.floor);
  const shares = Float32Array.from(at, (value, i) => value - low[i]!);
  const side = (indices: number[], weights: Float32Array) =>
    graph.op('Mul', [
      graph.op('Gather', [image, graph.int64(indices)], { axis }),
      graph.constant(weights, axis === rows ? [1, length, 1, 1] : [1, 1, length, 1]),
    ]);
  const high = low.map((value) => Math.min(length - 1, value + 1));
  return graph.op('Add', [
    side(
      low,
      shares.map((share) => 1 - share),
    ),
    side(high, shares),
  ]);
}
