/** Without `constructor`, which drizzle reads from the prototype of each value that it inserts: `null` as the prototype would be an error there. */
const noMembers: object = Object.freeze(Object.create(null));

/** An object that inherits nothing, for keys that are any text: `__proto__` is a key, and a missing `constructor` is undefined. */
export function emptyRecord<V>(): Record<string, V> {
  return Object.create(noMembers) as Record<string, V>;
}

/** @returns an object that inherits nothing */
export function recordFrom<V>(entries: Iterable<readonly [string, V]>): Record<string, V> {
  const record = emptyRecord<V>();
  for (const [key, value] of entries) record[key] = value;
  return record;
}

/** Whether it is an object of JSON, or a record of this module. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    [Object.prototype, noMembers, null].includes(Object.getPrototypeOf(value))
  );
}
