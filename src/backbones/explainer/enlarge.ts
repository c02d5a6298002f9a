import type { GraphBuilder, Value } from '../../onnx/graph-builder.ts';

/** float32 [N, h, w] -> [N, H, W], bilinear, sum-preserving: each old cell distributes exactly its value. */
export function enlarge(
  graph: GraphBuilder,
  map: Value,
  from: { height: number; width: number },
  to: { height: number; width: number },
): Value {
  if (from.height === to.height && from.width === to.width) return map;
  const rows = graph.constant(dealing(from.height, to.height), [to.height, from.height]);
  const columns = graph.constant(transposed(dealing(from.width, to.width), to.width), [from.width, to.width]);
  return graph.op('MatMul', [graph.op('MatMul', [rows, map]), columns]);
}

/** [to, from]: bilinear weights with pixel centres at n + 0.5, each column scaled to the sum 1. */
function dealing(from: number, to: number): Float32Array {
  const shares = new Float64Array(to * from);
  for (let i = 0; i < to; i++) {
    const at = Math.min(from - 1, Math.max(0, ((i + 0.5) * from) / to - 0.5));
    const low = Math.floor(at);
    shares[i * from + low]! += 1 - (at - low);
    if (low + 1 < from) shares[i * from + low + 1]! += at - low;
  }
  const sums = Array.from({ length: from }, (_, j) => shares.reduce((sum, share, k) => (k % from === j ? sum + share : sum), 0)); // biome-ignore format: one line
  return Float32Array.from(shares, (share, k) => share / sums[k % from]!);
}

function transposed(values: Float32Array, rows: number): Float32Array {
  const columns = values.length / rows;
  return values.map((_, k) => values[(k % rows) * columns + Math.floor(k / rows)]!);
}
