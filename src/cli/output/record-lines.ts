import type { Writable } from 'node:stream';
import type { JournalEntry, RequestSink } from '../../contracts/request-record.ts';
import { MitateError } from '../../errors/index.ts';

/** Request records as JSON Lines, for a container whose standard output is collected. */
export function recordLines(stream: Writable): RequestSink {
  return {
    append(entries: readonly JournalEntry[]): Promise<void> {
      const lines = entries.map(({ record }) => `${JSON.stringify(record)}\n`).join('');
      return new Promise((resolve, reject) => {
        stream.write(lines, (error) => {
          if (!error) return resolve();
          const reason = error.message;
          reject(new MitateError('JOURNAL_FAILED', { path: 'standard output', reason }, { cause: error }));
        });
      });
    },
  };
}
