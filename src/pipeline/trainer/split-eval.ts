import { sha256 } from '../../codecs/digest.ts';
import type { TrainingPhotos } from './training-data.ts';

/** Each half needs so many photos; below twice that, calibration takes the train split's out-of-fold answers instead. */
const fewestPerHalf = 20;

export interface EvalHalves {
  /** Choose the epoch. */
  stopping: TrainingPhotos;
  /** Choose temperature and threshold; undefined when the split is too small to be halved. */
  calibration?: TrainingPhotos;
}

/**
 * The eval split in two halves that share no group, by label in the order of the groups' sha256: the same photos give the same halves.
 * A split too small for that chooses the epoch as a whole.
 */
export function halveEval(photos: TrainingPhotos): EvalHalves {
  const halves: [number[], number[]] = [[], []];
  const placed = new Map<string, 0 | 1>();
  const order = [...photos.examples.keys()]
    .map((i) => ({ i, target: photos.targets[i], key: sha256(photos.examples[i].group) }))
    .sort((a, b) => a.target - b.target || (a.key < b.key ? -1 : a.key > b.key ? 1 : a.i - b.i));
  for (const { i } of order) {
    const { group } = photos.examples[i];
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
    examples: sorted.map((i) => examples[i]),
    photos: Int32Array.from(sorted, (i) => photos[i]),
    targets: Int32Array.from(sorted, (i) => targets[i]),
  };
}
