import sharp from 'sharp';
import type { Split } from '../../src/contracts/artifacts/example.ts';
import { drawLeaf } from '../../src/vision/sample/draw-leaf.ts';
import { sampleLabelNames } from '../../src/vision/sample/labels.ts';
import type { Photo } from './photo-examples.ts';

/** Encoded, drawn leaves: labels in turn, of every ten photos eight in train, one in eval, one in test. */
export async function drawnPhotos(
  count: number,
  options: { size?: number; seed?: number; format?: 'jpeg' | 'png'; labels?: number } = {},
): Promise<Photo[]> {
  const labels = sampleLabelNames.slice(0, options.labels ?? 4);
  return Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const { size = 96, seed = 1, format = 'jpeg' } = options;
      const label = labels[i % labels.length]!;
      const { pixels } = drawLeaf({ seed: `${seed}:${i}`, label, size });
      const image = sharp(pixels, { raw: { width: size, height: size, channels: 3 } });
      const bytes = new Uint8Array(await image.toFormat(format).toBuffer());
      const split: Split = (['test', 'eval'] as const)[Math.floor(i / labels.length) % 10] ?? 'train';
      return { label, split, bytes, filename: `${label}/${String(i).padStart(4, '0')}.${format}` };
    }),
  );
}
