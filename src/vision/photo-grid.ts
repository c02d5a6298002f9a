import sharp from 'sharp';
import { fromRaw } from './decode.ts';
import { uprightPhoto } from './upright.ts';

const gap = 4;
/** Between the first photo of a row and the others. */
const wideGap = 16;
const paper = '#ffffff';

/**
 * A PNG of rows of photos. A missing or unreadable photo is a grey square.
 * @param rows encoded photos
 * @param cell width and height of a photo in the grid, pixels. Default 160
 * @param gapAfterFirst a wider gap after the first photo of each row. Default true
 */
export async function photoGrid(
  rows: readonly (readonly (Uint8Array | null)[])[],
  { cell = 160, gapAfterFirst = true }: { cell?: number; gapAfterFirst?: boolean | undefined } = {},
): Promise<Uint8Array> {
  const columns = Math.max(1, ...rows.map((row) => row.length));
  const left = (column: number) => gap + column * (cell + gap) + (gapAfterFirst && column > 0 ? wideGap - gap : 0);
  const top = (row: number) => gap + row * (cell + gap);
  const places = rows.flatMap((row, y) => row.map((bytes, x) => ({ bytes, left: left(x), top: top(y) })));
  const layers = [];
  // One after the other: twelve phone photos at once would take a gigabyte.
  for (const { bytes, ...place } of places) layers.push({ input: await tile(bytes, cell), ...place });
  const size = { width: left(columns), height: top(Math.max(1, rows.length)) };
  const canvas = sharp({ create: { ...size, channels: 3, background: paper } });
  return new Uint8Array(await canvas.composite(layers).removeAlpha().png().toBuffer());
}

async function tile(bytes: Uint8Array | null, cell: number): Promise<Buffer> {
  const drawn = bytes && (await shrunk(bytes, cell).catch(() => null));
  return (
    drawn ??
    (await sharp({ create: square(cell, '#c8c8c8') })
      .png()
      .toBuffer())
  );
}

async function shrunk(bytes: Uint8Array, cell: number): Promise<Buffer> {
  const { pixels, width, height } = await uprightPhoto(bytes, cell);
  const photo = fromRaw(pixels, { width, height, channels: 3 });
  return await photo.resize(cell, cell, { fit: 'contain', background: paper }).png().toBuffer();
}

const square = (size: number, background: string) => ({ width: size, height: size, channels: 3 as const, background });
