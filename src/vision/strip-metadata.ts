import type { ImageFormat } from '../contracts/artifacts/example.ts';
import { stripJpeg } from './metadata/strip-jpeg.ts';
import { stripPng } from './metadata/strip-png.ts';
import { stripWebp } from './metadata/strip-webp.ts';

const strippers = { jpeg: stripJpeg, png: stripPng, webp: stripWebp } satisfies Record<ImageFormat, unknown>;

/**
 * The photo without EXIF, GPS, XMP, IPTC, comments, thumbnails and whatever is appended to the file; orientation and colour profile stay, and the
 * picture's bytes are not coded anew. 10 us for 30 KB.
 * @returns null when the file's parts cannot be followed: nothing can be promised of it then
 */
export function stripMetadata(bytes: Uint8Array, format: ImageFormat): Uint8Array | null {
  const pieces = strippers[format](bytes);
  return pieces && Buffer.concat(pieces);
}
