/** Square tiles of one size: no layout pass. Pixels. */
export interface Geometry {
  columns: number;
  tile: number;
  gap: number;
  rows: number;
  /** Of all rows. */
  height: number;
  /** Of what scrolls: browsers have a limit (2^24 px at two device pixels each), so above this one pixel of scrolling is more than one of photos. */
  space: number;
}

export const mostSpace = 12_000_000;

export function geometryOf(count: number, width: number, wished: number, gap = 4): Geometry {
  const columns = Math.max(2, Math.floor((width + gap) / (wished + gap)));
  const tile = Math.max(1, (width - (columns - 1) * gap) / columns);
  const rows = Math.ceil(count / columns);
  const height = Math.max(0, rows * (tile + gap) - gap);
  return { columns, tile, gap, rows, height, space: Math.min(height, mostSpace) };
}

/** Where in all rows the top of the screen is. */
export function topOf({ height, space }: Geometry, scrolled: number, shown: number): number {
  if (height <= shown || space <= shown) return 0;
  return (Math.min(scrolled, space - shown) * (height - shown)) / (space - shown);
}

/** The scroll position at which that is the top. */
export function scrollOf({ height, space }: Geometry, top: number, shown: number): number {
  if (height <= shown || space <= shown) return 0;
  return (Math.min(Math.max(0, top), height - shown) * (space - shown)) / (height - shown);
}

/** First and last row that is seen, with as many more around. */
export function rowsAt({ tile, gap, rows }: Geometry, top: number, shown: number, more = 2): [number, number] {
  const size = tile + gap;
  return [Math.max(0, Math.floor(top / size) - more), Math.min(rows - 1, Math.floor((top + shown) / size) + more)];
}
