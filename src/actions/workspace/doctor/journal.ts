import { join } from 'node:path';
import { inspectJournal } from '../../../serving/journal/inspect.ts';
import type { OpenStore } from '../../../store/open-store.ts';
import { readServerFile } from '../../../store/workspace/server-file.ts';
import { age, type Found } from './finding.ts';

/** A running server stores records after a quarter of a second. */
const lateMs = 60_000;

/** Whether the journal is readable, and how far behind it the database is. */
export async function journalFinding({ workspace, requests }: OpenStore, now: Date): Promise<Found> {
  const state = await inspectJournal(workspace.journal, (id) => requests.journalPosition(id));
  if (state === null) return 'none yet; the first server makes it';
  const { behind, behindSince, damaged, refusedBytes } = state;
  if (damaged > 0)
    return {
      level: 'warn',
      said: `records or photos are damaged in ${damaged} place${damaged === 1 ? '' : 's'} of ${workspace.journal}.`,
      remedy: 'Check the disk. A server skips damaged records, and logs their file and offset.',
    };
  if (refusedBytes > 0)
    return {
      level: 'warn',
      said: `the database refused records; ${join(workspace.journal, 'refused.jsonl')} has the only copy.`,
      remedy: 'Read the file and the log of the server, and move the file away.',
    };
  if (behind === 0) return 'the database has every record';
  const lag = behindSince === null ? '' : `, since ${age(now.getTime() - behindSince.getTime())}`;
  const said = `the database is ${behind.toLocaleString('en')} record${behind === 1 ? '' : 's'} behind${lag}`;
  if (readServerFile(workspace.dir) === null)
    return { level: 'warn', said: `${said}, and no server runs.`, remedy: 'The next server stores them: "mitate up".' };
  if (behindSince === null || now.getTime() - behindSince.getTime() < lateMs) return said;
  return {
    level: 'warn',
    said: `${said}.`,
    remedy: 'They are safe on disk. Read the log of the server for why the database does not take them.',
  };
}
