import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Logger } from '../../contracts/logger.ts';
import { fileError } from '../../store/workspace/file-error.ts';
import type { Listener, LogLevel } from '../events.ts';

/** A step's log: JSON lines on disk, written synchronously so that a kill loses none, and events. */
export class StepLog implements Logger, Disposable {
  readonly path: string;
  readonly #file: number;
  readonly #step: string;
  readonly #emit: Listener;
  readonly #now: () => Date;

  /** Throws WORKSPACE_READ_ONLY, DISK_FULL. */
  constructor(path: string, step: string, { emit, now }: { emit: Listener; now: () => Date }) {
    this.path = path;
    this.#step = step;
    this.#emit = emit;
    this.#now = now;
    try {
      mkdirSync(dirname(path), { recursive: true });
      this.#file = openSync(path, 'a');
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
    const line = JSON.stringify({ time: this.#now().toISOString(), level, message, fields });
    try {
      writeSync(this.#file, `${line}\n`);
    } catch {
      // a full disk fails the step's own writes; a log line need not
    }
    this.#emit({ type: 'step-log', step: this.#step, level, message, fields });
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }
}
