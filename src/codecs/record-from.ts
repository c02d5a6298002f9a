/** An object without a prototype, for keys that are any text: `__proto__` is a key, and a missing `constructor` is undefined. */
export function recordFrom<V>(entries: Iterable<readonly [string, V]>): Record<string, V> {
  const record: Record<string, V> = Object.create(null);
  for (const [key, value] of entries) record[key] = value;
  return record;
}
