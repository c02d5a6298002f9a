import type { Page } from '../contracts/api/page.ts';

/** Iterates over a list, page by page: `for await (const run of everyPage(client.runs.list, { state: 'failed' }))`. */
export async function* everyPage<T, Q extends { cursor?: string | undefined }>(
  list: (query?: Q) => Promise<Page<T>>,
  query?: Omit<Q, 'cursor'>,
): AsyncGenerator<T> {
  let cursor: string | null | undefined;
  do {
    const page = await list({ ...query, ...(cursor && { cursor }) } as Q);
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor !== null);
}
