import { dayMs, durationMs } from '../../codecs/duration.ts';
import { firstAfter } from './first-after.ts';
import { decide, type Limits, reachOf } from './limits.ts';
import type { TriggerEvent } from './trigger-event.ts';

/** What happened in the simulated period. */
export interface Past {
  /** When something happened that could fire the trigger. */
  moments: readonly Date[];
  /** Events that could fire it at that moment, without the answered ones. `lastFired`: null = not in this period. */
  openAt(moment: Date, answered: (key: string) => boolean, lastFired: Date | null): readonly TriggerEvent[];
  /** When requests got their first label, ascending. */
  labels: readonly Date[];
}

export interface SimulatedFiring {
  at: Date;
  why: string;
}

export interface LookBack {
  fired: SimulatedFiring[];
  /** Prevented by a limit: each event once, with its first reason. */
  kept: SimulatedFiring[];
}

/** Replays the period moment by moment with the tick's decisions. Labels from before it count as used. */
export function lookBack(limits: Limits, past: Past, { from, to }: { from: Date; to: Date }): LookBack {
  const found: LookBack = { fired: [], kept: [] };
  const answered = new Set<string>();
  const kept = new Set<string>();
  const coolDownMs = durationMs(limits.coolDown) ?? 0;
  const reachMs = reachOf(limits);
  const agenda = new Agenda(past.moments, from, to);
  agenda.add(...enoughLabels(limits, past.labels, null));
  for (let now = agenda.next(); now !== null; now = agenda.next()) {
    for (const event of past.openAt(now, (key) => answered.has(key), found.fired.at(-1)?.at ?? null)) {
      if (answered.has(event.key)) continue;
      const newLabels = countBetween(past.labels, found.fired.at(-1)?.at ?? null, now);
      const { fires, why } = decide(limits, event, { fired: near(found.fired, now, reachMs), newLabels }, now);
      if (fires) {
        found.fired.push({ at: now, why });
        for (const key of [event.key, ...event.covers]) answered.add(key);
        const later = [coolDownMs, dayMs].map((ms) => new Date(now.getTime() + ms));
        agenda.add(...later, ...enoughLabels(limits, past.labels, now));
      } else {
        if (!kept.has(event.key)) found.kept.push({ at: now, why });
        kept.add(event.key);
        if (event.otherwise === 'skipped') answered.add(event.key);
      }
    }
  }
  return found;
}

/** Moments to evaluate, ascending, each once: those known at the start, and the few that firings add. */
class Agenda {
  readonly #known: readonly number[];
  #added: number[] = [];
  #next = 0;
  #last = Number.NEGATIVE_INFINITY;
  readonly #to: number;

  constructor(moments: readonly Date[], from: Date, to: Date) {
    // the start itself: events may already be open
    const within = moments.map((moment) => moment.getTime()).filter((at) => at > from.getTime() && at <= to.getTime());
    this.#known = [from.getTime(), ...within.toSorted((a, b) => a - b)];
    this.#to = to.getTime();
  }

  next(): Date | null {
    for (;;) {
      const [known = Number.POSITIVE_INFINITY, added = Number.POSITIVE_INFINITY] = [
        this.#known[this.#next],
        this.#added[0],
      ];
      const moment = Math.min(known, added);
      if (moment === Number.POSITIVE_INFINITY) return null;
      if (known <= added) this.#next++;
      else this.#added.shift();
      if (moment === this.#last) continue;
      this.#last = moment;
      return new Date(moment);
    }
  }

  add(...later: Date[]): void {
    const ahead = later.map((moment) => moment.getTime()).filter((at) => at <= this.#to);
    this.#added = [...this.#added, ...ahead].toSorted((a, b) => a - b);
  }
}

/** The moment when enough new labels exist: of a million labels only these need an evaluation. */
function enoughLabels({ minNewLabels }: Limits, labels: readonly Date[], lastFired: Date | null): Date[] {
  if (minNewLabels === 0) return [];
  const used = lastFired === null ? 0 : firstAfter(labels, lastFired);
  return labels.slice(used + minNewLabels - 1, used + minNewLabels);
}

/** The newest firings, as far back as limits reach. */
function near(fired: readonly SimulatedFiring[], now: Date, reachMs: number): Date[] {
  const first = fired.findLastIndex(({ at }) => now.getTime() - at.getTime() > reachMs) + 1;
  return fired.slice(first).map(({ at }) => at);
}

/** In (after, until]. */
function countBetween(sorted: readonly Date[], after: Date | null, until: Date): number {
  return firstAfter(sorted, until) - (after === null ? 0 : firstAfter(sorted, after));
}
