import type { Random } from './random.ts';

/** In place: permutes values within each group. @param groups indexes of each */
export function shuffleWithin<T extends { [index: number]: unknown }>(
  values: T,
  groups: readonly ArrayLike<number>[],
  random: Random,
): T {
  for (const places of groups) {
    for (let i = places.length - 1; i > 0; i--) {
      const [a, b] = [places[i]!, places[random.int(i + 1)]!];
      const kept = values[a];
      values[a] = values[b];
      values[b] = kept;
    }
  }
  return values;
}
