/** A statement has at most 65,535 parameters; no row has more than 13 columns. */
const chunk = 5_000;

/** Splits rows, or values, into one group per statement. */
export function* chunks<T>(all: readonly T[]): Generator<T[]> {
  for (let at = 0; at < all.length; at += chunk) yield all.slice(at, at + chunk);
}
