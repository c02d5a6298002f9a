/** Decides whether a trial fits into what is left of the time, by what earlier trials took. */
export class TimeBudget {
  readonly #start: number;
  readonly #limit: number;
  readonly #now: () => number;
  /** Seconds, and epochs times members, of all trials so far. */
  #spent = { seconds: 0, work: 0 };
  notStarted = 0;

  /** @param now milliseconds @param limit seconds */
  constructor(now: () => number, limit: number) {
    this.#now = now;
    this.#limit = limit;
    this.#start = now();
  }

  /** Since the search began. */
  get seconds(): number {
    return (this.#now() - this.#start) / 1000;
  }

  /** @param work epochs times members, to which a trial's time is about proportional @returns what `trial` gives and its seconds; null = over budget */
  async run<T>(work: number, trial: () => Promise<T>): Promise<{ result: T; seconds: number } | null> {
    const expected = this.#spent.work === 0 ? 0 : (this.#spent.seconds / this.#spent.work) * work;
    // the first trial is the default: without it there is nothing to use
    if (this.#spent.work > 0 && this.seconds + expected > this.#limit) {
      this.notStarted++;
      return null;
    }
    const before = this.#now();
    const result = await trial();
    const seconds = (this.#now() - before) / 1000;
    this.#spent = { seconds: this.#spent.seconds + seconds, work: this.#spent.work + work };
    return { result, seconds };
  }
}
