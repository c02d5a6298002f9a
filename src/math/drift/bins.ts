/** Inner edges of at most `bins` bins of about equal counts; fewer with ties. @param values in any order */
export function equalCountEdges(values: ArrayLike<number>, bins: number): Float64Array {
  const sorted = Float64Array.from(values).sort();
  const edges = new Set<number>();
  for (let bin = 1; bin < bins; bin++) {
    const edge = sorted[Math.ceil((bin * sorted.length) / bins)];
    if (edge !== undefined && edge > sorted[0]!) edges.add(edge);
  }
  return Float64Array.from(edges);
}

/** Bin of each value, 0..edges.length: how many edges are at or below it. */
export function binsOf(values: ArrayLike<number>, edges: Float64Array): Uint16Array {
  return Uint16Array.from(values, (value) => {
    let [low, high] = [0, edges.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (edges[middle]! <= value) low = middle + 1;
      else high = middle;
    }
    return low;
  });
}
