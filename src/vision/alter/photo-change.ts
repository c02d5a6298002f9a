import type { AlterationKind } from '../../contracts/artifacts/alteration.ts';
import type { Preprocess } from '../../contracts/artifacts/signature.ts';
import { Random } from '../../math/stats/random.ts';
import { encodePng } from '../encode.ts';
import { decodeFor, toPixels } from '../pixels.ts';
import { resample } from '../resample/resample.ts';
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
 * The model's input of a changed photo: decoded and resampled as `toPixels` does, altered between the two, or covered
 * after both.
 * @returns uint8 [height, width, 3]; null where it cannot be done
 * @throws MitateError IMAGE_*
 */
export async function changedPixels(
  bytes: Uint8Array,
  preprocess: Preprocess,
  change: PhotoChange,
): Promise<Uint8Array | null> {
  if (change.kind === 'covered')
    return covered({ pixels: await toPixels(bytes, preprocess), ...sizeOf(preprocess) }, change);
  const random = new Random(`${change.seed}:${change.kind}`);
  const altered = await alterations[change.kind].alter(await decodeFor(bytes, preprocess), random);
  if (altered === null) return null;
  if (preprocess.resampler) return resample(altered, preprocess);
  return await toPixels(await encodePng(altered.pixels, altered.width, altered.height), preprocess);
}

const sizeOf = ({ width, height }: Preprocess) => ({ width, height });
