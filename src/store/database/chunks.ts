/** Parameters of one statement are at most 65,535; no row has more than 13. */
const chunk = 5_000;

/** Rows, or values, for one statement each. */
export function* chunks<T>(all: readonly T[]): Generator<T[]> {
  for (let at = 0; at < all.length; at += chunk) yield all.slice(at, at + chunk);
}
