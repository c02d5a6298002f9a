import sharp, { type Sharp } from 'sharp';
import type { ImageFormat } from '../contracts/artifacts/example.ts';
import { MitateError, reasonOf } from '../errors/index.ts';
import { endsEarly } from './ends-early.ts';
import { identifyFormat } from './identify.ts';

// One libvips thread per image: processes are the unit of parallelism. No cache: a photo is decoded once.
sharp.concurrency(1);
sharp.cache(false);

/** 50 megapixels: above the full resolution of today's phones, 150 MB decoded. */
export const pixelLimit = 50_000_000;

/**
 * A decoder with upright 8-bit sRGB output, alpha blended on white. The pixel limit is checked on the header.
 * Of an animated WebP or PNG it reads the first frame.
 * @throws MitateError IMAGE_* when the bytes are not a JPEG, PNG or WebP
 */
export function openDecoder(bytes: Uint8Array): { format: ImageFormat; decoder: Sharp } {
  const format = identifyFormat(bytes);
  const decoder = sharp(bytes, { failOn: 'error', limitInputPixels: pixelLimit, pages: 1 })
    .autoOrient()
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb');
  return { format, decoder };
}

/** Raw pixels as an image, for encoders. */
export function fromRaw(data: Uint8Array, raw: { width: number; height: number; channels: 1 | 3 | 4 }): Sharp {
  return sharp(data, { raw });
}

/** libvips' error as a catalogue error. */
export async function decodeError(error: unknown, format: ImageFormat, bytes: Uint8Array): Promise<MitateError> {
  const reason = reasonOf(error).trim().split('\n')[0] as string;
  const tooLarge = /pixel limit/i.test(reason) ? await pastLimit(bytes, error) : null;
  if (tooLarge) return tooLarge;
  const code = endsEarly(bytes, format) ? 'IMAGE_TRUNCATED' : 'IMAGE_CORRUPT';
  return new MitateError(code, { format, sizeBytes: bytes.length, reason }, { cause: error });
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
