/** Goes as fast as a real clock, and can be set forward: what is done takes its true time, and the days between pass at once. */
export class DemoClock {
  #from: number;
  #since = performance.now();

  constructor(start: Date) {
    this.#from = start.getTime();
  }

  readonly now = (): Date => new Date(this.#from + performance.now() - this.#since);

  /** Never back: work may have taken the clock past the moment. */
  goTo(moment: Date): void {
    if (moment <= this.now()) return;
    this.#from = moment.getTime();
    this.#since = performance.now();
  }
}
