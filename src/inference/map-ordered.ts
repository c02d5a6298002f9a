/**
 * `work` on each item, up to `window` at a time; results come in the order of the items, so that sums and files do not depend on which
 * process was faster. The first failure ends it, after the open calls have settled.
 */
export async function* mapOrdered<T, R>(
  items: AsyncIterable<T> | Iterable<T>,
  window: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const open: Promise<R>[] = [];
  try {
    for await (const item of items) {
      const started = work(item);
      // Awaited in order below; until then a failure must not count as unhandled.
      started.catch(() => {});
      open.push(started);
      const first = open.length >= window ? open.shift() : undefined;
      if (first) yield await first;
    }
    for (let next = open.shift(); next; next = open.shift()) yield await next;
  } finally {
    await Promise.allSettled(open);
  }
}
