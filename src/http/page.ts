import type { Page } from '../contracts/api/page.ts';
import { MitateError } from '../errors/index.ts';

/** A page of a list in memory, after `cursor`. `place` is unique and stable. */
export function pageOf<T>(
  items: readonly T[],
  { limit, cursor }: { limit: number; cursor?: string | undefined },
  place: (item: T) => string,
): Page<T> {
  const after = cursor === undefined ? -1 : items.findIndex((item) => encodeCursor(place(item)) === cursor);
  if (cursor !== undefined && after === -1) throw new MitateError('HTTP_CURSOR_INVALID', { cursor });
  return pageFrom(items.slice(after + 1, after + 2 + limit), limit, place);
}

/** A page from the database; `read` is asked for one more item, which shows whether there is another page. */
export async function pageBefore<T>(
  { limit, cursor }: { limit: number; cursor?: string | undefined },
  read: (filter: { before?: string; limit: number }) => Promise<T[]>,
  place: (item: T) => string,
): Promise<Page<T>> {
  return pageFrom(await read({ ...(cursor && { before: placeOf(cursor) }), limit: limit + 1 }), limit, place);
}

/** `pageBefore` for integer places. */
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

/** `pageBefore` by `seq`. */
export async function pageBySeq<T extends { seq: number }>(
  query: { limit: number; cursor?: string | undefined },
  read: (filter: { before?: number; limit: number }) => Promise<T[]>,
): Promise<Page<T>> {
  return await pageBelow(query, read, ({ seq }) => seq);
}

/** @param found one item more than the page if there is another page */
function pageFrom<T>(found: readonly T[], limit: number, place: (item: T) => string): Page<T> {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: found.length > limit && last !== undefined ? encodeCursor(place(last)) : null };
}

export const encodeCursor = (place: string) => Buffer.from(place).toString('base64url');

/** The integer place in a cursor; null = from the start. */
export function placeAfter(cursor: string | undefined): number | null {
  return cursor === undefined ? null : wholeNumber(placeOf(cursor), cursor);
}

function placeOf(cursor: string): string {
  const place = Buffer.from(cursor, 'base64url').toString();
  if (/^[\w.:-]{1,128}$/.test(place)) return place;
  throw new MitateError('HTTP_CURSOR_INVALID', { cursor });
}

function wholeNumber(place: string, cursor = ''): number {
  if (/^\d{1,15}$/.test(place)) return Number(place);
  throw new MitateError('HTTP_CURSOR_INVALID', { cursor });
}
