/** Index of the first of sorted moments that is later; their number when none is. */
export function firstAfter(sorted: readonly Date[], moment: Date): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! <= moment) low = middle + 1;
    else high = middle;
  }
  return low;
}
