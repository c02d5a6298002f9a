import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { logLevels, logLineSchema, type stepLogSchema } from '../../contracts/api/runs.ts';
import { MitateError } from '../../errors/index.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { findRun, type Runs } from './find-run.ts';

type StepLog = z.input<typeof stepLogSchema>;

export interface LogWindow {
  /** Lines before the window; of those at `level` or above. */
  after: number;
  /** Instead: the last ones. */
  last?: number | undefined;
  limit: number;
  level: (typeof logLevels)[number];
}

const newline = 10;
/** `{"time":"2026-11-30T21:34:30.123Z","level":"` comes before the level. */
const levelAt = 44;
/** Of a message, in characters. */
const longestMessage = 10_000;

/**
 * A window of a step's log, which is a file of at most 34 MB. A run whose worker has another disk than the server has no lines here.
 * @throws RUN_NOT_FOUND, RUN_STEP_UNKNOWN
 */
export async function readStepLog(
  store: Runs & Pick<OpenStore, 'listExecutions' | 'workspace'>,
  id: string,
  step: string,
  { after, last, limit, level }: LogWindow,
): Promise<StepLog> {
  const run = await findRun(store, id);
  const executions = (await store.listExecutions(run.id)).filter((execution) => execution.step === step);
  if (executions.length === 0) throw new MitateError('RUN_STEP_UNKNOWN', { id: run.id, step });
  const isOpen = executions.some(({ state }) => state === 'running');
  const wanted = new Set(logLevels.slice(logLevels.indexOf(level)).map((each) => each.charCodeAt(0)));
  const path = join(store.workspace.runs, run.id, `${step}.log`);
  const kept: { line: number; text: Buffer }[] = [];
  const most = last ?? limit;
  let total = 0;
  for await (const text of linesIn(path)) {
    if (!wanted.has(text[levelAt] ?? 0)) continue;
    total++;
    if (last === undefined && (total <= after || kept.length === limit)) continue;
    kept.push({ line: total, text: Buffer.from(text) });
    if (kept.length > most) kept.shift();
  }
  return { total, isOpen, lines: kept.flatMap(({ line, text }) => parsed(line, text)) };
}

/** Whole lines: one without an end is being written. */
async function* linesIn(path: string): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
      const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
      let start = 0;
      for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, start)) {
        yield bytes.subarray(start, end);
        start = end + 1;
      }
      rest = bytes.subarray(start);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

const entrySchema = logLineSchema.omit({ line: true }).extend({ time: z.coerce.date() });

function parsed(line: number, text: Buffer): StepLog['lines'] {
  try {
    const { message, time, level, fields } = entrySchema.parse(JSON.parse(text.toString()));
    return [{ line, time, level, message: message.slice(0, longestMessage), fields }];
  } catch {
    return [];
  }
}
