import type { StepProgress } from '../../contracts/run.ts';
import type { Store } from '../../store/store.ts';

/** At most one write a second: whoever follows a run from elsewhere reads it in the database. */
const everyMs = 1000;

/** Keeps the progress of an execution in the database. */
export class ProgressReporter {
  readonly #store: Pick<Store, 'noteProgress'>;
  readonly #executionId: string;
  #reportedAt = Number.NEGATIVE_INFINITY;
  #writing: Promise<void> | undefined;
  /** Most photos that a phase of the component counted; null = it counts none. */
  photos: number | null = null;

  constructor(store: Pick<Store, 'noteProgress'>, executionId: string) {
    this.#store = store;
    this.#executionId = executionId;
  }

  count(done: number, unit: string): void {
    if (unit.endsWith('photos') && Number.isSafeInteger(done)) this.photos = Math.max(this.photos ?? 0, done);
  }

  report(progress: StepProgress): void {
    const at = performance.now();
    if (this.#writing || at - this.#reportedAt < everyMs) return;
    this.#reportedAt = at;
    // an unavailable database is reported by the step itself
    this.#writing = this.#store
      .noteProgress(this.#executionId, progress)
      .catch(() => {})
      .finally(() => {
        this.#writing = undefined;
      });
  }

  /** The last write has ended. */
  async settled(): Promise<void> {
    await this.#writing;
  }
}
