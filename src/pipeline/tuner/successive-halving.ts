/** A candidate's score in one rung; lower is better, Infinity = it failed. */
export interface Scored<T> {
  candidate: T;
  rung: number;
  budget: number;
  score: number;
}

export interface Halving<T> {
  /** The first is the incumbent: it is scored first in each rung, whatever its score. */
  candidates: readonly [T, ...T[]];
  /** Budget of the last rung; each earlier rung has 1 / eta of the next, at least 1. */
  budget: number;
  eta: number;
  /** Null = not started: no time for it. Without the incumbent's score a rung, and what would follow, is left out. */
  score: (candidate: T, budget: number, rung: number) => Promise<number | null>;
}

/**
 * Successive halving (Jamieson & Talwalkar 2016): all candidates get a small budget, the best one in `eta` of them `eta` times as much,
 * and so on.
 * @returns every score, rung after rung, each rung's from best to worst
 */
export async function successiveHalving<T>({ candidates, budget, eta, score }: Halving<T>): Promise<Scored<T>[]> {
  const rungs = Math.max(1, Math.round(Math.log(candidates.length) / Math.log(eta)));
  const all: Scored<T>[] = [];
  const [incumbent] = candidates;
  let alive: T[] = [...candidates];
  for (let rung = 0; rung < rungs; rung++) {
    const given = Math.max(1, Math.round(budget / eta ** (rungs - 1 - rung)));
    const scored: Scored<T>[] = [];
    for (const candidate of alive) {
      const found = await score(candidate, given, rung);
      if (found !== null) scored.push({ candidate, rung, budget: given, score: found });
      else if (candidate === incumbent) return all;
    }
    scored.sort((a, b) => (a.score === b.score ? 0 : a.score - b.score));
    all.push(...scored);
    const best = scored.slice(0, Math.ceil(alive.length / eta)).map(({ candidate }) => candidate);
    alive = [incumbent, ...best.filter((candidate) => candidate !== incumbent)];
  }
  return all;
}
