import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '../../contracts/logger.ts';
import type { JournalPosition } from '../../contracts/request-record.ts';
import { isMitateError } from '../../errors/index.ts';
import type { ImageStore } from '../../store/images/image-store.ts';
import type { RequestStore } from '../../store/requests/contract.ts';
import type { WrittenEntry } from './appender.ts';
import { type Backlog, type Batch, endOf } from './backlog.ts';

/** Larger batches cost less per row; 500 rows block other queries of PGlite for 30 ms. */
const batchRows = 500;
const batchBytes = 8 << 20;
const firstPauseMs = 250;
const longestPauseMs = 10_000;

export interface DrainOptions {
  source: string;
  backlog: Backlog;
  requests: Pick<RequestStore, 'ingest'>;
  images: ImageStore;
  logger: Logger;
  everyMs: number;
  start: JournalPosition;
  /** Called for a record whose content the database refuses. */
  refused: (json: string, error: unknown) => Promise<void>;
  drained: (entries: readonly WrittenEntry[]) => void;
}

/** Writes the backlog to database and image store, batch by batch, in order. */
export class Drain {
  readonly #options: DrainOptions;
  readonly #stop = new AbortController();
  #running: Promise<void> | null = null;
  #waiters: { resolve: () => void }[] = [];
  #timer: NodeJS.Timeout | null = null;
  /** Up to here database and image store have everything. */
  position: JournalPosition;

  constructor(options: DrainOptions) {
    this.#options = options;
    this.position = options.start;
  }

  /** Starts a run after `everyMs`. */
  wake(): void {
    if (this.#running || this.#timer || this.#stop.signal.aborted) return;
    this.#timer = setTimeout(() => this.#start(), this.#options.everyMs);
  }

  /** Resolves when the present backlog is stored. */
  async drained(): Promise<void> {
    if (this.#options.backlog.isEmpty && !this.#running) return;
    const done = new Promise<void>((resolve) => this.#waiters.push({ resolve }));
    this.#start();
    await done;
  }

  /** Ends after the present batch. */
  async stop(): Promise<void> {
    this.#stop.abort();
    if (this.#timer) clearTimeout(this.#timer);
    await this.#running;
    this.#release();
  }

  #start(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#stop.signal.aborted) return;
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
      if (this.#options.backlog.isEmpty) this.#release();
      else this.wake();
    });
  }

  #release(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const { resolve } of waiters) resolve();
  }

  async #run(): Promise<void> {
    const { backlog, drained } = this.#options;
    for (;;) {
      const batch = await this.#persist(() => backlog.take(batchRows, batchBytes));
      if (!batch || (batch.entries.length > 0 && !(await this.#persist(() => this.#store(batch))))) return;
      // Moves also past a torn end, which has no entries.
      this.position = batch.position;
      drained(batch.entries);
      if (batch.entries.length === 0 || (batch.entries.length < batchRows && this.#waiters.length === 0)) return;
    }
  }

  /** Retries until it succeeds; null when stopped before. */
  async #persist<T>(work: () => Promise<T>): Promise<T | null> {
    const { logger } = this.#options;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      try {
        const done = await work();
        if (pauseMs > firstPauseMs) logger.info('journal drain resumed');
        return done;
      } catch (error) {
        if (pauseMs === firstPauseMs)
          logger.error('journal drain failed; records wait on disk', { reason: (error as Error).message });
        await wait(pauseMs, null, { signal: this.#stop.signal, ref: false }).catch(() => {});
        if (this.#stop.signal.aborted) return null;
      }
    }
  }

  /** @returns true */
  async #store(batch: Batch): Promise<boolean> {
    const { images } = this.#options;
    await this.#keepImages(batch.entries);
    for (const { project, image } of await this.#ingest(batch)) await images.delete(project, image);
    return true;
  }

  /** @returns photos of erased requests, to be deleted again */
  async #ingest({ entries, position }: Batch): Promise<{ project: string; image: string }[]> {
    const { requests, source, refused } = this.#options;
    const rows = entries.map(({ json }) => json);
    try {
      return await requests.ingest(source, rows, position);
    } catch (error) {
      // INTERNAL is neither unreachable nor full, so the content of a record is at fault.
      if (!isMitateError(error, 'INTERNAL')) throw error;
      if (entries.length > 1) return this.#ingestHalves({ entries, position });
      for (const row of rows) await refused(row, error);
      return [];
    }
  }

  async #ingestHalves({ entries, position }: Batch): Promise<{ project: string; image: string }[]> {
    const middle = entries.length >> 1;
    const half = entries.slice(0, middle);
    const first = await this.#ingest({ entries: half, position: endOf(half) ?? position });
    return [...first, ...(await this.#ingest({ entries: entries.slice(middle), position }))];
  }

  async #keepImages(entries: readonly WrittenEntry[]): Promise<void> {
    for (const { json, image } of entries) {
      if (!image) continue;
      const { project, imageSha256 } = JSON.parse(json) as { project: string; imageSha256: string | null };
      if (imageSha256 !== null) await this.#options.images.put(project, imageSha256, image);
    }
  }
}
