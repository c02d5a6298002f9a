import { setTimeout as wait } from 'node:timers/promises';
import type { JournalEntry, RequestRecord, RequestSink } from '../../src/contracts/request-record.ts';

/** Keeps what was logged, for tests that read it back at once; each append takes a moment, as a disk does. */
export class MemorySink implements RequestSink {
  readonly entries: JournalEntry[] = [];

  get records(): RequestRecord[] {
    return this.entries.map(({ record }) => record);
  }

  async append(entries: readonly JournalEntry[]): Promise<void> {
    await wait(1);
    this.entries.push(...entries);
  }
}
