import { type PickedReason, type Signs, worthBy } from './worth.ts';

export interface Picked<T> {
  photo: T;
  reason: PickedReason;
  /** 0..1. */
  worth: number;
}

/**
 * Selects at most `count` photos to label, each once. The reasons alternate so that none fills the queue alone: in a week of new kinds of photos all
 * of them may be far from training.
 */
export function pick<T extends Signs>(
  photos: readonly T[],
  { reasons, count }: { reasons: readonly PickedReason[]; count: number },
): Picked<T>[] {
  const lines = reasons.map((reason) => ({
    reason,
    line: photos
      .map((photo) => ({ photo, reason, worth: worthBy[reason](photo) }))
      .filter(({ worth }) => worth > 0)
      .sort((a, b) => b.worth - a.worth),
  }));
  const taken = new Set<T>();
  const picked: Picked<T>[] = [];
  while (picked.length < count && lines.some(({ line }) => line.length > 0))
    for (const { line } of lines) {
      while (line[0] && taken.has(line[0].photo)) line.shift();
      const next = line.shift();
      if (!next || picked.length >= count) continue;
      taken.add(next.photo);
      picked.push(next);
    }
  return picked;
}
