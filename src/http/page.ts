import type { Page } from '../contracts/api/page.ts';
import { MitateError } from '../errors/index.ts';

/** A page that starts behind `cursor`, out of a list that is held whole. `place` is unique and steady. */
export function pageOf<T>(
  items: readonly T[],
  { limit, cursor }: { limit: number; cursor?: string | undefined },
  place: (item: T) => string,
): Page<T> {
  const after = cursor === undefined ? -1 : items.findIndex((item) => encodeCursor(place(item)) === cursor);
  if (cursor !== undefined && after === -1) throw new MitateError('HTTP_CURSOR_INVALID', { cursor });
  const found = items.slice(after + 1, after + 1 + limit);
  return { items: found, nextCursor: after + 1 + limit < items.length ? encodeCursor(place(found.at(-1)!)) : null };
}

/** A page of a list that is asked of the database: `read` gets one more than the page, to see whether there is another. */
export async function pageBefore<T>(
  { limit, cursor }: { limit: number; cursor?: string | undefined },
  read: (filter: { before?: string; limit: number }) => Promise<T[]>,
  place: (item: T) => string,
): Promise<Page<T>> {
  const found = await read({ ...(cursor && { before: placeOf(cursor) }), limit: limit + 1 });
  const items = found.slice(0, limit);
  return { items, nextCursor: found.length > limit ? encodeCursor(place(items.at(-1)!)) : null };
}

/** The same, where places are whole numbers. */
export async function pageBelow<T>(
  query: { limit: number; cursor?: string | undefined },
  read: (filter: { before?: number; limit: number }) => Promise<T[]>,
  key: (item: T) => number,
): Promise<Page<T>> {
  return await pageBefore(
    query,
    ({ before, limit }) => read({ ...(before && { before: wholeNumber(before, query.cursor) }), limit }),
    (item) => String(key(item)),
  );
}

/** The same, newest first by `seq`. */
export async function pageBySeq<T extends { seq: number }>(
  query: { limit: number; cursor?: string | undefined },
  read: (filter: { before?: number; limit: number }) => Promise<T[]>,
): Promise<Page<T>> {
  return await pageBelow(query, read, ({ seq }) => seq);
}

const encodeCursor = (place: string) => Buffer.from(place).toString('base64url');

function placeOf(cursor: string): string {
  const place = Buffer.from(cursor, 'base64url').toString();
  if (/^[\w.:-]{1,128}$/.test(place)) return place;
  throw new MitateError('HTTP_CURSOR_INVALID', { cursor });
}

function wholeNumber(place: string, cursor = ''): number {
  if (/^\d{1,15}$/.test(place)) return Number(place);
  throw new MitateError('HTTP_CURSOR_INVALID', { cursor });
}
