import { MitateError } from '../errors/index.ts';

/**
 * Runs `work` over the items, at most `limit` at a time, pulling an item only when it can start. The first error ends the iteration; it is rethrown
 * once the running ones have ended.
 * @throws CANCELLED
 */
export async function forEachConcurrent<T>(
  items: AsyncIterable<T> | Iterable<T>,
  limit: number,
  signal: AbortSignal,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let failed = false;
  const shared = pull(items);
  const worker = async () => {
    try {
      for (let next = await shared.next(); !next.done && !failed; next = await shared.next()) {
        if (signal.aborted) throw new MitateError('CANCELLED', {});
        await work(next.value);
      }
    } catch (error) {
      failed = true;
      throw error;
    }
  };
  const results = await Promise.allSettled(Array.from({ length: limit }, worker));
  await shared.return(undefined);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

/** Async generators queue calls of `next`, so several workers may share one. */
async function* pull<T>(items: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T, void> {
  yield* items;
}
