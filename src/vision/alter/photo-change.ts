import type { AlterationKind } from '../../contracts/artifacts/alteration.ts';
import type { Preprocess } from '../../contracts/artifacts/signature.ts';
import { Random } from '../../math/stats/random.ts';
import { encodePng } from '../encode.ts';
import { decodeFor, toPixels } from '../pixels.ts';
import { type Picture, resample } from '../resample/resample.ts';
import { alterations } from './alter.ts';
import { type CoveredCells, covered } from './covered.ts';

/** What is done to a photo before a model sees it. */
export type PhotoChange =
  | {
      kind: AlterationKind;
      /** Places crops, turns and backgrounds: the same for the same photo. */
      seed: string;
    }
  | ({ kind: 'covered' } & CoveredCells);

/**
 * The model's inputs of a photo changed in each way: decoded once, and resampled as `toPixels` does, altered between the two, or covered after
 * both.
 * @returns uint8 [height, width, 3] each; null where it cannot be done
 * @throws MitateError IMAGE_*
 */
export async function* changedPixels(
  bytes: Uint8Array,
  preprocess: Preprocess,
  changes: readonly PhotoChange[],
): AsyncGenerator<Uint8Array | null> {
  let decoded: Picture | undefined;
  let resampled: Uint8Array | undefined;
  for (const change of changes) {
    if (change.kind === 'covered') {
      resampled ??= await toPixels(bytes, preprocess);
      yield covered({ pixels: resampled, ...sizeOf(preprocess) }, change);
    } else {
      decoded ??= await decodeFor(bytes, preprocess);
      yield await alteredPixels(decoded, preprocess, change);
    }
  }
}

async function alteredPixels(
  decoded: Picture,
  preprocess: Preprocess,
  { kind, seed }: Exclude<PhotoChange, { kind: 'covered' }>,
): Promise<Uint8Array | null> {
  const altered = await alterations[kind].alter(decoded, new Random(`${seed}:${kind}`));
  if (altered === null) return null;
  if (preprocess.resampler) return resample(altered, preprocess);
  return await toPixels(await encodePng(altered.pixels, altered.width, altered.height), preprocess);
}

const sizeOf = ({ width, height }: Preprocess) => ({ width, height });
