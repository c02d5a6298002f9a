/**
 * `work` on each item, up to `window` at a time; results come in the order of the items, so that what is summed or written does not
 * depend on which process was faster. The first failure ends it, once work that is under way has settled.
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
      // Waited for in order below: until then a failure must not count as unhandled.
      started.catch(() => {});
      open.push(started);
      if (open.length >= window) yield await open.shift()!;
    }
    while (open.length > 0) yield await open.shift()!;
  } finally {
    await Promise.allSettled(open);
  }
}
