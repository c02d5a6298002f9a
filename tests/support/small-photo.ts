import sharp from 'sharp';
import { Random } from '../../src/math/stats/random.ts';

/** Coarse coloured blotches, so that two seeds never look alike. */
function blotches(seed: number): Buffer {
  const random = new Random(`photo ${seed}`);
  return Buffer.from(Array.from({ length: 6 * 6 * 3 }, () => random.int(256)));
}

/** A small photo, the same bytes for the same seed. */
export async function smallPhoto(
  seed: number,
  {
    format = 'jpeg',
    size = 48,
    quality = 90,
  }: { format?: 'jpeg' | 'png' | 'webp'; size?: number; quality?: number } = {},
): Promise<Buffer> {
  return sharp(blotches(seed), { raw: { width: 6, height: 6, channels: 3 } })
    .resize(size, size, { kernel: 'cubic' })
    .toFormat(format, { quality })
    .toBuffer();
}
