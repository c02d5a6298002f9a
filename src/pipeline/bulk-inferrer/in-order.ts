/**
 * Works on several items at once and gives the results in the order of the items. At most `inFlight` results are held.
 * An item that throws ends it; what was begun is awaited first.
 */
export async function* mapInOrder<T, R>(
  items: AsyncIterable<T>,
  inFlight: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const begun: Promise<R>[] = [];
  try {
    for await (const item of items) {
      const result = work(item);
      // Awaited in turn below; until then a failure must not count as unhandled.
      result.catch(() => {});
      begun.push(result);
      if (begun.length >= inFlight) yield await begun.shift()!;
    }
    while (begun.length > 0) yield await begun.shift()!;
  } finally {
    await Promise.allSettled(begun);
  }
}
