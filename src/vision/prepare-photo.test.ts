import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../codecs/digest.ts';
import { currentResampler, type Preprocess } from '../contracts/artifacts/signature.ts';
import { inspectImage } from './inspect.ts';
import { toPixels } from './pixels.ts';
import { preparePhoto } from './prepare-photo.ts';
import { drawLeaf } from './sample/index.ts';

const leaf = (width: number, height = width): Sharp => {
  const size = Math.max(width, height);
  const photo = sharp(drawLeaf({ seed: size, size }).pixels, { raw: { width: size, height: size, channels: 3 } });
  return photo.extract({ left: 0, top: 0, width, height });
};

const photos: Record<string, () => Sharp> = {
  'a small JPEG': () => leaf(256).jpeg(),
  'one that is wide': () => leaf(256, 131).jpeg(),
  'one that is tiny': () => leaf(40, 33).jpeg(),
  'one that is progressive, without chroma subsampling': () =>
    leaf(200).jpeg({ progressive: true, chromaSubsampling: '4:4:4' }),
  'a grey one': () => leaf(256).greyscale().jpeg(),
  'one in CMYK': () => leaf(256).toColourspace('cmyk').jpeg(),
  'one with a colour profile': () => leaf(256).withIccProfile('p3').jpeg(),
  ...Object.fromEntries(
    [2, 3, 6, 8].map((orientation) => [
      `one of EXIF orientation ${orientation}`,
      () => leaf(250, 160).withMetadata({ orientation }).jpeg(),
    ]),
  ),
  'a PNG': () => leaf(256).png(),
  'a PNG with alpha': () => leaf(128).ensureAlpha(0.4).png(),
  'a PNG with a palette': () => leaf(128).png({ palette: true }),
  'a PNG of 16 bits': () => leaf(128).toColourspace('rgb16').png(),
  'a WebP': () => leaf(200).webp(),
  'a large JPEG': () => leaf(700, 500).jpeg(),
  'one that is shrunk during decoding for some models only': () => leaf(1000, 990).jpeg(),
  'a large PNG, turned': () => leaf(1400, 1000).withMetadata({ orientation: 6 }).png(),
  'a large WebP': () => leaf(1000, 1200).webp(),
  'one just above the measured size': () => leaf(257).jpeg(),
};
const models: Preprocess[] = [
  { width: 224, height: 224, fit: 'fill', kernel: 'cubic', resampler: currentResampler },
  { width: 96, height: 128, fit: 'cover', kernel: 'lanczos3', resampler: currentResampler },
  // Above the size at which properties are measured.
  { width: 299, height: 299, fit: 'fill', kernel: 'cubic', resampler: currentResampler },
  // Trained before there was a resampler.
  { width: 224, height: 224, fit: 'fill', kernel: 'cubic' },
];

describe('a photo prepared for a model', () => {
  for (const [name, photo] of Object.entries(photos)) {
    it.each(
      models,
    )(`${name}: same pixels as in training, same properties ($width px, $resampler)`, async (preprocess) => {
      const bytes = new Uint8Array(await photo().toBuffer());
      const prepared = await preparePhoto(bytes, preprocess);
      const { format, properties } = await inspectImage(bytes);
      expect(prepared).toMatchObject({ format, properties });
      expect(sha256(prepared.pixels)).toBe(sha256(await toPixels(bytes, preprocess)));
    });
  }

  it('is refused as by the decoder, cut at any place', async () => {
    const bytes = new Uint8Array(await leaf(256).jpeg().toBuffer());
    for (const end of [2, 4, 20, 159, 300, bytes.length >> 1]) {
      await expect(preparePhoto(bytes.subarray(0, end), models[0]!)).rejects.toMatchObject({
        code: expect.stringMatching(/^IMAGE_/),
      });
    }
  });
});
