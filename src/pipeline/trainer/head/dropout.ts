import type { Random } from '../../../math/stats/random.ts';

/** The nearest share that a mask of random bytes can drop: 0/256 .. 255/256. */
export function droppedShare(share: number): number {
  return Math.min(255, Math.round(share * 256)) / 256;
}

/** `count` bytes: 0 with probability `droppedShare(share)`, else 1. Four bytes come from one draw. */
export function dropoutMask(random: Random, count: number, share: number): Uint8Array {
  const words = new Uint32Array(Math.ceil(count / 4));
  random.fill(words);
  const mask = new Uint8Array(words.buffer, 0, count);
  const dropped = droppedShare(share) * 256;
  for (let i = 0; i < count; i++) mask[i] = mask[i]! >= dropped ? 1 : 0;
  return mask;
}
