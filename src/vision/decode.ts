import sharp, { type Sharp } from 'sharp';
import type { ImageFormat } from '../contracts/artifacts/example.ts';
import { MitateError } from '../errors/index.ts';
import { endsEarly } from './ends-early.ts';
import { identifyFormat } from './identify.ts';

// One libvips thread an image: processes are the unit of parallelism here. No cache: a photo is decoded once.
sharp.concurrency(1);
sharp.cache(false);

/** 50 megapixels: above today's phones in their full mode, 150 MB once decoded. */
export const pixelLimit = 50_000_000;

/**
 * A decoder whose output is upright 8-bit sRGB, alpha laid on white. The pixel limit is checked on the header.
 * Of an animated WebP or PNG it reads the first frame.
 * @throws MitateError IMAGE_* when the bytes are no JPEG, PNG or WebP
 */
export function openDecoder(bytes: Uint8Array): { format: ImageFormat; decoder: Sharp } {
  const format = identifyFormat(bytes);
  const decoder = sharp(bytes, { failOn: 'error', limitInputPixels: pixelLimit, pages: 1 })
    .autoOrient()
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb');
  return { format, decoder };
}

/** Pixels at hand as an image, for encoders. */
export function fromRaw(data: Uint8Array, raw: { width: number; height: number; channels: 1 | 3 | 4 }): Sharp {
  return sharp(data, { raw });
}

/** libvips' error as a catalogue error. */
export async function decodeError(error: unknown, format: ImageFormat, bytes: Uint8Array): Promise<MitateError> {
  const reason = (error instanceof Error ? error.message : String(error)).trim().split('\n')[0] as string;
  const tooLarge = /pixel limit/i.test(reason) ? await pastLimit(bytes, error) : null;
  if (tooLarge) return tooLarge;
  const code = endsEarly(bytes, format) ? 'IMAGE_TRUNCATED' : 'IMAGE_CORRUPT';
  return new MitateError(code, { format, sizeBytes: bytes.length, reason }, { cause: error });
}

/** Null when the limit was another photo's: libvips keeps its messages for all photos of the process. */
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
