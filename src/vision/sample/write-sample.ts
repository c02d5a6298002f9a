import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MitateError } from '../../errors/index.ts';
import { encodeJpeg, encodeMask } from '../encode.ts';
import { drawLeaf } from './draw-leaf.ts';
import { drawNonLeaf } from './draw-non-leaf.ts';
import { type SampleLabel, sampleLabelNames } from './labels.ts';

export interface WriteSampleOptions {
  /** Number of photos, spread evenly over the labels. */
  photos: number;
  seed: number | string;
  /** Pixels per side. Default 256. */
  size?: number;
  /** Also write lesion masks, as PNG (255 = lesion), in `<dir>-masks/<label>/`. Default false. */
  masks?: boolean;
  /** Pictures without a leaf, in `<dir>-non-leaves/`. Default 0. */
  nonLeaves?: number;
  signal?: AbortSignal;
  progress?: (done: number, total: number) => void;
}

export interface WrittenSample {
  /** A folder per label. */
  photos: string;
  /** Present with `masks`. */
  masks?: string;
  /** Present with `nonLeaves`. */
  nonLeaves?: string;
  counts: Record<SampleLabel, number>;
}

/** Concurrent encoders, each on its own thread; drawing stays on this one. */
const inFlight = 4;

/** Runs the tasks in order, at most `inFlight` unfinished at a time. */
async function runAll(
  count: number,
  task: (index: number) => Promise<void>,
  options: WriteSampleOptions,
): Promise<void> {
  let next = 0;
  let done = 0;
  const work = async () => {
    while (next < count) {
      if (options.signal?.aborted) throw new MitateError('CANCELLED', {});
      await task(next++);
      options.progress?.(++done, count);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, work));
}

const nameOf = (index: number) => String(index).padStart(5, '0');

async function writeLeaf(
  dir: string,
  maskDir: string | undefined,
  index: number,
  options: WriteSampleOptions,
): Promise<void> {
  const size = options.size ?? 256;
  const label = sampleLabelNames[index % sampleLabelNames.length]!;
  const { pixels, mask } = drawLeaf({ seed: `${options.seed}:${index}`, label, size });
  await writeFile(join(dir, label, `${nameOf(index)}.jpg`), await encodeJpeg(pixels, size, size));
  if (maskDir) await writeFile(join(maskDir, label, `${nameOf(index)}.png`), await encodeMask(mask, size, size));
}

async function writeNonLeaf(dir: string, index: number, options: WriteSampleOptions): Promise<void> {
  const size = options.size ?? 256;
  const pixels = drawNonLeaf({ seed: `${options.seed}:${index}`, size });
  await writeFile(join(dir, `${nameOf(index)}.jpg`), await encodeJpeg(pixels, size, size));
}

function countsOf(photos: number): Record<SampleLabel, number> {
  const share = (position: number) => Math.ceil(Math.max(0, photos - position) / sampleLabelNames.length);
  return Object.fromEntries(sampleLabelNames.map((label, i) => [label, share(i)])) as Record<SampleLabel, number>;
}

/**
 * Writes drawn leaf photos: `<dir>/<label>/<index>.jpg`. Same seed, same bytes; more photos do not change earlier ones.
 * Masks and non-leaves are written beside `dir`, so that they are not read as labels.
 * @throws MitateError CANCELLED
 */
export async function writeSample(dir: string, options: WriteSampleOptions): Promise<WrittenSample> {
  const counts = countsOf(options.photos);
  const masks = options.masks ? `${dir}-masks` : undefined;
  const nonLeaves = options.nonLeaves ? `${dir}-non-leaves` : undefined;
  const labels = sampleLabelNames.filter((label) => counts[label] > 0);
  for (const root of masks ? [dir, masks] : [dir]) {
    for (const label of labels) await mkdir(join(root, label), { recursive: true });
  }
  if (nonLeaves) await mkdir(nonLeaves, { recursive: true });
  const total = options.photos + (options.nonLeaves ?? 0);
  const task = (index: number) =>
    index < options.photos
      ? writeLeaf(dir, masks, index, options)
      : writeNonLeaf(nonLeaves!, index - options.photos, options);
  await runAll(total, task, options);
  return { photos: dir, ...(masks && { masks }), ...(nonLeaves && { nonLeaves }), counts };
}
