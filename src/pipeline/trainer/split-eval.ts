import { sha256 } from '../../codecs/digest.ts';
import type { TrainingPhotos } from './training-data.ts';

/** Photos that each half needs; below twice that, calibration uses out-of-fold predictions for the train split instead. */
const fewestPerHalf = 20;

export interface EvalHalves {
  /** Photos that choose the epoch. */
  stopping: TrainingPhotos;
  /** Photos that choose temperature and threshold; undefined when the split is too small to be halved. */
  calibration?: TrainingPhotos;
}

/**
 * Halves the eval split by label without splitting groups, in the order of the groups' sha256: deterministic. A split that is too small is not
 * halved and chooses the epoch.
 */
export function halveEval(photos: TrainingPhotos): EvalHalves {
  const halves: [number[], number[]] = [[], []];
  const placed = new Map<string, 0 | 1>();
  const order = photos.examples
    .map(({ group }, i) => ({ i, group, target: photos.targets[i]!, key: sha256(group) }))
    .sort((a, b) => a.target - b.target || (a.key < b.key ? -1 : a.key > b.key ? 1 : a.i - b.i));
  for (const { i, group } of order) {
    const half = placed.get(group) ?? (halves[0].length <= halves[1].length ? 0 : 1);
    placed.set(group, half);
    halves[half].push(i);
  }
  if (Math.min(halves[0].length, halves[1].length) < fewestPerHalf) return { stopping: photos };
  return { stopping: pick(photos, halves[0]), calibration: pick(photos, halves[1]) };
}

function pick({ examples, photos, targets }: TrainingPhotos, chosen: number[]): TrainingPhotos {
  const sorted = chosen.toSorted((a, b) => a - b);
  return {
    examples: sorted.map((i) => examples[i]!),
    photos: Int32Array.from(sorted, (i) => photos[i]!),
    targets: Int32Array.from(sorted, (i) => targets[i]!),
  };
}
