import { durationMs } from '../../contracts/duration.ts';
import { decide, type Limits } from './limits.ts';
import type { Occasion } from './occasion.ts';

/** What happened in the time that is looked back on. */
export interface Past {
  /** When something happened that may fire the trigger. */
  moments: readonly Date[];
  /** What could fire it at that moment, of what was not answered by then. `lastFired`: null = it did not, in this time. */
  openAt(moment: Date, answered: (key: string) => boolean, lastFired: Date | null): readonly Occasion[];
  /** When requests got their first label, in order. */
  labels: readonly Date[];
}

export interface WouldBe {
  at: Date;
  why: string;
}

export interface LookBack {
  fired: WouldBe[];
  /** Kept from firing by a limit: each occasion once, with its first reason. */
  kept: WouldBe[];
}

const dayMs = 24 * 3_600_000;

/** Walks through the past from moment to moment, deciding as the tick does; labels before it are taken for used. */
export function lookBack(limits: Limits, past: Past, { from, to }: { from: Date; to: Date }): LookBack {
  const found: LookBack = { fired: [], kept: [] };
  const answered = new Set<string>();
  const kept = new Set<string>();
  const coolDownMs = durationMs(limits.coolDown) ?? 0;
  const agenda = new Agenda([...past.moments, ...(limits.minNewLabels > 0 ? past.labels : [])], from, to);
  for (let now = agenda.next(); now !== null; now = agenda.next()) {
    for (const occasion of past.openAt(now, (key) => answered.has(key), found.fired.at(-1)?.at ?? null)) {
      if (answered.has(occasion.key)) continue;
      const fired = found.fired.map(({ at }) => at);
      const newLabels = countBetween(past.labels, fired.at(-1) ?? null, now);
      const { fires, why } = decide(limits, occasion, { fired, newLabels }, now);
      if (fires) {
        found.fired.push({ at: now, why });
        for (const key of [occasion.key, ...occasion.covers]) answered.add(key);
        agenda.add(new Date(now.getTime() + coolDownMs), new Date(now.getTime() + dayMs));
      } else {
        if (!kept.has(occasion.key)) found.kept.push({ at: now, why });
        kept.add(occasion.key);
        if (occasion.otherwise === 'skipped') answered.add(occasion.key);
      }
    }
  }
  return found;
}

/** Moments to look at, in order, each once. */
class Agenda {
  #moments: number[];
  #at: number;
  readonly #to: number;

  constructor(moments: readonly Date[], from: Date, to: Date) {
    // what stood open at the beginning is looked at there
    const within = moments.map((moment) => moment.getTime()).filter((at) => at > from.getTime() && at <= to.getTime());
    this.#moments = [...new Set([from.getTime(), ...within])].toSorted((a, b) => a - b);
    this.#at = 0;
    this.#to = to.getTime();
  }

  next(): Date | null {
    const moment = this.#moments[this.#at++];
    return moment === undefined ? null : new Date(moment);
  }

  add(...later: Date[]): void {
    const ahead = later.map((moment) => moment.getTime()).filter((at) => at <= this.#to);
    const rest = [...new Set([...this.#moments.slice(this.#at), ...ahead])].toSorted((a, b) => a - b);
    this.#moments = [...this.#moments.slice(0, this.#at), ...rest];
  }
}

/** In (after, until]. */
function countBetween(sorted: readonly Date[], after: Date | null, until: Date): number {
  return firstAfter(sorted, until) - (after === null ? 0 : firstAfter(sorted, after));
}

function firstAfter(sorted: readonly Date[], moment: Date): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! <= moment) low = middle + 1;
    else high = middle;
  }
  return low;
}
