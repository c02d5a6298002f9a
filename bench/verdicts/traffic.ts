import type { Observation } from '../../src/contracts/loop/monitor.ts';
import type { Random } from '../../src/math/stats/random.ts';
import { overridden } from '../feedback/unseen-photos.ts';

/** How far a day's deviations are those of the day before. */
const persistence = 0.8;
/** Standard deviation of the log-odds of each class of leaf, of all unwell ones together, and of brightness in its standard deviations. */
const spread = { class: 0.3, unwell: 0.2, light: 0.15 };
/** Requests of the first and the last day of a year. */
const growth = { from: 120, to: 360 };
const weekend = { requests: 0.5, unwell: -0.2 };
/** Of a day's photos: labels that come back, people who override, heat maps that are drawn. */
const shares = { labelled: 0.3, overridden: 0.05, explained: 0.3 };

/** A photo with what the traffic's mix depends on. */
export interface Taken {
  seen: Observation;
  /** Of training, such as `Tomato_Early_blight`. */
  class: string;
}

/**
 * Days of a service that does not change: the mix of leaves, the weather's light and the number of requests wander as the day before left them,
 * with a weekly rhythm and growth over the year. Photos are drawn with replacement.
 */
export class Traffic {
  #random: Random;
  #sessions = 0;
  #day = 0;
  #state = new Map<string, number>();

  constructor(random: Random) {
    this.#random = random;
  }

  /** Of the photos, those of the next day. */
  nextDay(photos: readonly Taken[]): Observation[] {
    const isWeekend = this.#day % 7 >= 5;
    const requests = growth.from * (growth.to / growth.from) ** (this.#day / 365) * (isWeekend ? weekend.requests : 1);
    this.#day++;
    const unwell = this.#wander('unwell', spread.unwell) + (isWeekend ? weekend.unwell : 0);
    const light = this.#wander('light', spread.light);
    const classes = new Map(
      [...new Set(photos.map((photo) => photo.class))].map((name) => [name, this.#wander(name, spread.class)]),
    );
    const { mean, deviation } = brightness(photos);
    let total = 0;
    const upTo = photos.map(({ class: name, seen }) => {
      const isUnwell = seen.truth!.label === 'unwell';
      const bright = ((seen.properties!.brightness! - mean) / deviation) * light;
      total += Math.exp(classes.get(name)! + (isUnwell ? unwell : 0) + bright);
      return total;
    });
    return Array.from({ length: Math.round(requests) }, () => {
      const at = this.#random.float() * total;
      return this.#asRequest(photos[firstAbove(upTo, at)]!.seen);
    });
  }

  /** A first-order autoregression of this standard deviation. */
  #wander(name: string, deviation: number): number {
    const before = this.#state.get(name) ?? deviation * this.#normal();
    const now = persistence * before + Math.sqrt(1 - persistence ** 2) * deviation * this.#normal();
    this.#state.set(name, now);
    return now;
  }

  #normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.#random.float())) * Math.cos(2 * Math.PI * this.#random.float());
  }

  #asRequest(photo: Observation): Observation {
    return {
      ...photo,
      truth: this.#random.float() < shares.labelled ? photo.truth : null,
      ...(this.#random.float() < shares.overridden && { behaviour: overridden(`${++this.#sessions}`) }),
      attention: this.#random.float() < shares.explained ? photo.attention : null,
    };
  }
}

function brightness(photos: readonly Taken[]) {
  const values = photos.map(({ seen }) => seen.properties!.brightness!);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) };
}

function firstAbove(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
