/** Value -> items, keys sorted by code unit, so that files come out the same whatever the order of the photos. */
export function groupByKey<T>(items: Iterable<T>, keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const members = groups.get(key);
    if (members === undefined) groups.set(key, [item]);
    else members.push(item);
  }
  return new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Value -> how often it occurs, as a plain object with sorted keys. */
export function countByKey<T>(items: Iterable<T>, keyOf: (item: T) => string): Record<string, number> {
  const groups = groupByKey(items, keyOf);
  return Object.fromEntries([...groups].map(([key, members]) => [key, members.length]));
}
