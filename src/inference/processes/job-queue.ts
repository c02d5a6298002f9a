import type { PendingJob } from './pending-job.ts';

/** Jobs in order of arrival; background jobs come when no other waits. */
export class JobQueue {
  #front: PendingJob[] = [];
  #background: PendingJob[] = [];

  get size(): number {
    return this.#front.length + this.#background.length;
  }

  add(job: PendingJob): void {
    this.#queueOf(job).push(job);
  }

  /** Before all others: a retry. */
  putBack(job: PendingJob): void {
    this.#queueOf(job).unshift(job);
  }

  /** The next that is not settled yet. */
  first(): PendingJob | undefined {
    for (const queue of [this.#front, this.#background]) {
      while (queue[0]?.settled) queue.shift();
      if (queue[0]) return queue[0];
    }
    return undefined;
  }

  remove(job: PendingJob): void {
    const queue = this.#queueOf(job);
    if (queue[0] === job) queue.shift();
  }

  takeAll(): PendingJob[] {
    return [...this.#front.splice(0), ...this.#background.splice(0)];
  }

  #queueOf(job: PendingJob): PendingJob[] {
    return job.background ? this.#background : this.#front;
  }
}
