import { percent } from '../../codecs/percent.ts';
import type { Observation } from '../../contracts/loop/monitor.ts';

/** Smaller changes are the mix of a day. */
const leastMove = 0.2;
const most = 5;

export interface MovedAttribute {
  name: string;
  said: string;
}

/** What clients sent with the photos, such as their version, where a value's share moved by 20 points or more; the largest move first. */
export function movedAttributes(before: readonly Observation[], now: readonly Observation[]): MovedAttribute[] {
  if (before.length === 0 || now.length === 0) return [];
  const [earlier, later] = [sharesOf(before), sharesOf(now)];
  const moves = [...new Set([...earlier.keys(), ...later.keys()])].map((key) => {
    const [from, to] = [earlier.get(key) ?? 0, later.get(key) ?? 0];
    return { key, from, to, by: Math.abs(to - from) };
  });
  return moves
    .filter(({ by }) => by >= leastMove)
    .toSorted((a, b) => b.by - a.by)
    .slice(0, most)
    .map(({ key, from, to }) => {
      const [name, value] = JSON.parse(key) as [string, string];
      return { name, said: `${name} ${value}: ${percent(from)} -> ${percent(to)}` };
    });
}

/** By name and value. */
function sharesOf(observations: readonly Observation[]): Map<string, number> {
  const shares = new Map<string, number>();
  for (const { attributes } of observations)
    for (const [name, value] of Object.entries(attributes)) {
      const key = JSON.stringify([name, String(value)]);
      shares.set(key, (shares.get(key) ?? 0) + 1 / observations.length);
    }
  return shares;
}
