import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { dayMs } from '../../codecs/duration.ts';
import type { Logger } from '../../contracts/logger.ts';
import type { JournalEntry, JournalPosition, RequestSink } from '../../contracts/request-record.ts';
import { writeWhole } from '../../files/write-whole.ts';
import type { ImageStore } from '../../store/images/image-store.ts';
import type { RequestStore } from '../../store/requests/contract.ts';
import { fileError } from '../../store/workspace/file-error.ts';
import { acquireLock } from '../../store/workspace/lock.ts';
import { Appender, type WrittenEntry } from './appender.ts';
import { Backlog } from './backlog.ts';
import { Drain } from './drain.ts';
import { isBefore, listSegments, readPosition, type SegmentFile, writePosition } from './segments.ts';

export interface JournalOptions {
  /** Folder of this server alone; created when missing. */
  dir: string;
  requests: Pick<RequestStore, 'ingest' | 'journalPosition' | 'makePartitions' | 'makeDurable'>;
  images: ImageStore;
  /** Name of the owner, shown to another process that finds the journal locked. */
  source: string;
  logger: Logger;
  /** Time in which records collect into one batch for the database. @default 250 */
  drainEveryMs?: number;
  /** Interval at which database and images are synced and drained segments deleted. @default 30000 */
  syncEveryMs?: number;
  /** Size at which a new segment starts. @default 16777216 */
  segmentBytes?: number;
}

export interface Journal extends RequestSink {
  /** Resolves once the database has everything appended before; waits while it is unreachable. */
  drained(): Promise<void>;
  /** Appended and not yet in the database. `records` excludes those of earlier processes, `bytes` includes them. */
  readonly backlog: { records: number; bytes: number };
  /** Drains for at most 10 s (the rest is read at the next start), syncs, and deletes drained segments. */
  close(): Promise<void>;
}

const closeMs = 10_000;

/**
 * Opens the journal of a server; records that a killed one left are drained along with new ones.
 * @throws WORKSPACE_LOCKED (another living process writes this journal), DISK_FULL, WORKSPACE_READ_ONLY
 */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const { dir, requests, logger } = options;
  await mkdir(dir, { recursive: true }).catch((error) => {
    throw fileError(error, dir);
  });
  const { lock } = acquireLock(dir, `journal of ${options.source}`);
  try {
    const source = await identityOf(dir);
    const segments = await listSegments(dir);
    const durable = await readPosition(dir);
    const start = await startOf(durable, requests, source, logger);
    return new RunningJournal({ ...options, source }, { segments, start, durable, lock });
  } catch (error) {
    lock[Symbol.dispose]();
    throw fileError(error, dir);
  }
}

/** A database that went back in time (a backup was restored) gets everything that is still here. */
async function startOf(
  durable: JournalPosition,
  requests: Pick<RequestStore, 'journalPosition'>,
  source: string,
  logger: Logger,
): Promise<JournalPosition> {
  const stored = await requests.journalPosition(source).catch(() => durable);
  if (durable.segment === 0 || (stored !== null && !isBefore(stored, durable))) return durable;
  logger.error('journal: database restored to an earlier state; records in between may be missing', {
    database: stored,
    journal: durable,
  });
  return stored ?? { segment: 0, offset: 0 };
}

/** Positions of another journal that was in this folder before are not valid here. */
async function identityOf(dir: string): Promise<string> {
  const path = join(dir, 'journal.json');
  if (existsSync(path)) return (JSON.parse(await readFile(path, 'utf8')) as { id: string }).id;
  const id = randomUUID();
  await writeWhole(path, JSON.stringify({ id, format: 1 }), 0o600);
  return id;
}

interface Found {
  segments: SegmentFile[];
  start: JournalPosition;
  durable: JournalPosition;
  lock: Disposable;
}

class RunningJournal implements Journal {
  readonly #options: JournalOptions;
  readonly #lock: Disposable;
  readonly #backlog: Backlog;
  readonly #appender: Appender;
  readonly #drain: Drain;
  readonly #timer: NodeJS.Timeout;
  readonly backlog: { records: number; bytes: number };
  #durable: JournalPosition;
  #syncing: Promise<void> = Promise.resolve();
  #partitionsAt = 0;
  #closing: Promise<void> | null = null;

  constructor(options: JournalOptions, { segments, start, durable, lock }: Found) {
    const { dir, requests, images, source, logger } = options;
    this.#options = options;
    this.#lock = lock;
    this.#durable = durable;
    const last = segments.at(-1);
    const end = last ? { segment: last.number, offset: last.bytes } : start;
    this.backlog = { records: 0, bytes: bytesBetween(start, segments) };
    this.#backlog = new Backlog(dir, start, end, logger);
    const next = Math.max(end.segment, durable.segment, start.segment) + 1;
    this.#appender = new Appender(dir, next, options.segmentBytes ?? 16 << 20, (entries) => this.#written(entries));
    this.#drain = new Drain({
      source,
      backlog: this.#backlog,
      requests,
      images,
      logger,
      start,
      everyMs: options.drainEveryMs ?? 250,
      refused: (json, error) => this.#setAside(json, error),
      drained: (entries) => this.#stored(entries),
    });
    if (!this.#backlog.isEmpty) this.#drain.wake();
    this.#timer = setInterval(() => void this.#sync(), options.syncEveryMs ?? 30_000).unref();
    this.#syncing = this.#keepPartitions();
  }

  append(entries: readonly JournalEntry[]): Promise<void> {
    return this.#appender.append(entries);
  }

  drained(): Promise<void> {
    return this.#drain.drained();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#appender.close();
    const limit = AbortSignal.timeout(closeMs);
    await Promise.race([this.#drain.drained(), new Promise((resolve) => limit.addEventListener('abort', resolve))]);
    await this.#drain.stop();
    await this.#sync();
    this.#lock[Symbol.dispose]();
  }

  #written(entries: WrittenEntry[]): void {
    this.backlog.records += entries.length;
    for (const { bytes } of entries) this.backlog.bytes += bytes;
    this.#backlog.add(entries);
    this.#drain.wake();
  }

  #stored(entries: readonly WrittenEntry[]): void {
    this.backlog.records = Math.max(0, this.backlog.records - entries.length);
    for (const { bytes } of entries) this.backlog.bytes -= bytes;
    if (this.#backlog.isEmpty) this.backlog.bytes = 0;
  }

  #sync(): Promise<void> {
    this.#syncing = this.#syncing
      .then(() => this.#keepPartitions())
      .then(() => this.#makeDurable())
      .catch((error) => {
        this.#options.logger.error('journal sync failed; segments kept', { reason: (error as Error).message });
      });
    return this.#syncing;
  }

  /** Once a day, for the coming months. Rows of a month without a partition lie in the default one, and move when it is made. */
  async #keepPartitions(): Promise<void> {
    const today = new Date();
    if (Math.abs(today.getTime() - this.#partitionsAt) < dayMs) return;
    try {
      await this.#options.requests.makePartitions(today);
      this.#partitionsAt = today.getTime();
    } catch (error) {
      this.#options.logger.warn('journal: partitions not created', { reason: (error as Error).message });
    }
  }

  /** Deletes segments whose content is on disk elsewhere; ends the open one, so that the next sync can delete it. */
  async #makeDurable(): Promise<void> {
    const { dir, requests, images } = this.#options;
    const position = this.#drain.position;
    if (!isBefore(this.#durable, position)) return;
    await this.#appender.roll();
    await requests.makeDurable();
    await images.makeDurable();
    await writePosition(dir, position);
    this.#durable = position;
    for (const { number, path, bytes } of await listSegments(dir)) {
      const isDrained = number < position.segment || (number === position.segment && bytes <= position.offset);
      if (isDrained && number !== this.#appender.segment) await rm(path);
    }
  }

  async #setAside(json: string, error: unknown): Promise<void> {
    const path = join(this.#options.dir, 'refused.jsonl');
    await appendFile(path, `${json}\n`, { mode: 0o600 });
    this.#options.logger.error('journal: record refused by the database', {
      file: path,
      reason: (error as Error).message,
    });
  }
}

function bytesBetween(start: JournalPosition, segments: SegmentFile[]): number {
  return segments
    .filter(({ number }) => number >= start.segment)
    .reduce((sum, { number, bytes }) => sum + bytes - (number === start.segment ? start.offset : 0), 0);
}
