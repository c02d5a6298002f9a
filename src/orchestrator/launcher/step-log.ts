import { closeSync, fstatSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Logger } from '../../contracts/logger.ts';
import { fileError } from '../../store/workspace/file-error.ts';
import type { Listener, LogLevel } from '../events.ts';

/** Of a step's log on disk; errors may take a sixteenth more. */
const mostBytes = 32 * 2 ** 20;

/** A step's log: JSON lines on disk, written synchronously so that a kill loses none, and events. */
export class StepLog implements Logger, Disposable {
  readonly path: string;
  readonly #file: number;
  readonly #step: string;
  readonly #emit: Listener;
  readonly #now: () => Date;
  #bytes: number;

  /** Throws WORKSPACE_READ_ONLY, DISK_FULL. */
  constructor(path: string, step: string, { emit, now }: { emit: Listener; now: () => Date }) {
    this.path = path;
    this.#step = step;
    this.#emit = emit;
    this.#now = now;
    try {
      mkdirSync(dirname(path), { recursive: true });
      this.#file = openSync(path, 'a');
      this.#bytes = fstatSync(this.#file).size;
    } catch (error) {
      throw fileError(error, path);
    }
  }

  debug(message: string, fields?: Record<string, unknown>): void {
    this.#write('debug', message, fields);
  }
  info(message: string, fields?: Record<string, unknown>): void {
    this.#write('info', message, fields);
  }
  warn(message: string, fields?: Record<string, unknown>): void {
    this.#write('warn', message, fields);
  }
  error(message: string, fields?: Record<string, unknown>): void {
    this.#write('error', message, fields);
  }

  #write(level: LogLevel, message: string, fields: Record<string, unknown> = {}): void {
    if (this.#bytes < mostBytes) {
      this.#append(level, message, fields);
      if (this.#bytes >= mostBytes) this.#append('warn', 'The log is full: only errors are kept from here on', {});
    } else if (level === 'error' && this.#bytes < mostBytes * (1 + 1 / 16)) this.#append(level, message, fields);
    this.#emit({ type: 'step-log', step: this.#step, level, message, fields });
  }

  #append(level: LogLevel, message: string, fields: Record<string, unknown>): void {
    const line = `${JSON.stringify({ time: this.#now().toISOString(), level, message, fields })}\n`;
    try {
      this.#bytes += writeSync(this.#file, line);
    } catch {
      // a full disk fails the step's own writes; a log line need not
    }
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }
}
