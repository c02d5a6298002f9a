import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MitateError } from '../errors/index.ts';
import { encodeJpeg } from '../vision/encode.ts';
import { drawLeaf } from '../vision/sample/draw-leaf.ts';
import { type SampleLabel, sampleLabelNames } from '../vision/sample/labels.ts';

export interface DemoPhoto {
  label: SampleLabel;
  jpeg: Buffer;
}

/** How a camera sees: factors of red, green and blue. */
export type Camera = readonly [number, number, number];

export const daylight: Camera = [1, 1, 1];
/** Underexposed, under a warm lamp. */
export const evening: Camera = [0.66, 0.5, 0.34];

/** Pixels per side. */
const size = 192;

/** One drawn leaf as a camera saw it. Same arguments, same bytes. */
export async function takePhoto(seed: string, label: SampleLabel, camera: Camera): Promise<DemoPhoto> {
  const { pixels } = drawLeaf({ seed, label, size });
  if (camera !== daylight) for (let i = 0; i < pixels.length; i++) pixels[i] = pixels[i]! * camera[i % 3]!;
  return { label, jpeg: await encodeJpeg(pixels, size, size) };
}

/** A folder per label, as ExampleGen reads it. */
export async function writePhotos(folder: string, count: number, signal: AbortSignal): Promise<void> {
  for (const label of sampleLabelNames) await mkdir(join(folder, label), { recursive: true });
  for (let i = 0; i < count; i++) {
    if (signal.aborted) throw new MitateError('CANCELLED', {});
    const label = sampleLabelNames[i % sampleLabelNames.length]!;
    const { jpeg } = await takePhoto(`demo:training:${i}`, label, daylight);
    await writeFile(join(folder, label, `${String(i).padStart(4, '0')}.jpg`), jpeg);
  }
}
