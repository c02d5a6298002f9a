/** Index of the first later moment in a sorted list; its length when there is none. */
export function firstAfter(sorted: readonly Date[], moment: Date): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! <= moment) low = middle + 1;
    else high = middle;
  }
  return low;
}
