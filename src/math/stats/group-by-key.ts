import { recordFrom } from '../../codecs/record-from.ts';

/** Items by key, keys sorted by code unit: the same result whatever the order of the items. */
export function groupByKey<T>(items: Iterable<T>, keyOf: (item: T) => string): Map<string, T[]> {
  return new Map([...Map.groupBy(items, keyOf)].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Number of items by key, keys sorted. */
export function countByKey<T>(items: Iterable<T>, keyOf: (item: T) => string): Record<string, number> {
  const groups = groupByKey(items, keyOf);
  return recordFrom([...groups].map(([key, members]) => [key, members.length]));
}
