import sharp, { type Sharp } from 'sharp';
import type { ImageFormat } from '../contracts/artifacts/example.ts';
import { MitateError, reasonOf } from '../errors/index.ts';
import { endsEarly, hasEmptyTail } from './ends-early.ts';
import { identifyFormat } from './identify.ts';
import { entropyState } from './jpeg/entropy.ts';
import { orientationOf } from './metadata/orientation.ts';
import { pixelLimit } from './pixel-size.ts';
import { stripMetadata } from './strip-metadata.ts';

// One libvips thread per image: processes are the unit of parallelism. No cache: a photo is decoded once.
sharp.concurrency(1);
sharp.cache(false);

export interface Stored {
  format: ImageFormat;
  /** EXIF, 1 (upright) to 8: the decoder gives the pixels as they are stored. */
  orientation: number;
}

/**
 * Reads a photo with a decoder of 8-bit sRGB output, alpha blended on white. The pixel limit is checked on the header.
 * Of an animated WebP or PNG it reads the first frame.
 * @param read may be called twice
 * @throws MitateError IMAGE_* (format, IMAGE_TOO_LARGE, IMAGE_TRUNCATED, IMAGE_CORRUPT)
 */
export async function decode<T>(bytes: Uint8Array, read: (decoder: Sharp, stored: Stored) => Promise<T>): Promise<T> {
  const format = identifyFormat(bytes);
  const stored = { format, orientation: orientationOf(bytes, format) };
  if (hasEmptyTail(bytes, format)) throw truncated(bytes, format, 'its last part is empty');
  try {
    // A JPEG decoder fills what is missing with grey, and warns (libvips passes that on for all but the last 8 rows). libpng warns of
    // harmless things, such as well-known colour profiles.
    return await read(openDecoder(bytes, stored, format === 'jpeg' ? 'warning' : 'error'), stored);
  } catch (error) {
    if (!isHarmless(bytes, format)) throw await decodeError(error, format, bytes);
  }
  return await read(openDecoder(bytes, stored, 'error'), stored).catch(async (error) => {
    throw await decodeError(error, format, bytes);
  });
}

/** Whether a warning can only be about a header, as of a Samsung camera's SOS parameters: each block of the picture is there. */
function isHarmless(bytes: Uint8Array, format: ImageFormat): boolean {
  return format === 'jpeg' && ['whole', 'unknown'].includes(entropyState(bytes));
}

function openDecoder(bytes: Uint8Array, { format, orientation }: Stored, failOn: 'warning' | 'error'): Sharp {
  // A copy with one plain orientation before the picture: libvips, which may be asked to turn it, does not find it in each place.
  const readable = orientation === 1 ? bytes : (stripMetadata(bytes, format) ?? bytes);
  return sharp(readable, { failOn, limitInputPixels: pixelLimit, pages: 1 })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb');
}

/** Raw pixels as an image, for encoders. */
export function fromRaw(data: Uint8Array, raw: { width: number; height: number; channels: 1 | 3 | 4 }): Sharp {
  return sharp(data, { raw });
}

/** libvips' error as a catalogue error. */
async function decodeError(error: unknown, format: ImageFormat, bytes: Uint8Array): Promise<MitateError> {
  const reason = reasonOf(error).trim().split('\n')[0] as string;
  const tooLarge = /pixel limit/i.test(reason) ? await pastLimit(bytes, error) : null;
  if (tooLarge) return tooLarge;
  if (endsEarly(bytes, format)) return truncated(bytes, format, reason, error);
  return new MitateError('IMAGE_CORRUPT', { format, sizeBytes: bytes.length, reason }, { cause: error });
}

function truncated(bytes: Uint8Array, format: ImageFormat, reason: string, cause?: unknown): MitateError {
  return new MitateError('IMAGE_TRUNCATED', { format, sizeBytes: bytes.length, reason }, { cause });
}

/** Null when the limit message was of another photo: libvips has one message buffer per process. */
async function pastLimit(bytes: Uint8Array, cause: unknown): Promise<MitateError | null> {
  const { width, height } = await sharp(bytes, { limitInputPixels: false }).metadata();
  if (width * height <= pixelLimit) return null;
  const megapixels = Math.ceil((width * height) / 1e5) / 10;
  return new MitateError(
    'IMAGE_TOO_LARGE',
    { width, height, megapixels, limitMegapixels: pixelLimit / 1e6 },
    { cause },
  );
}
