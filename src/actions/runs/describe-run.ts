import type { Actor } from '../../contracts/actor.ts';
import { longestNote, type RunRecord } from '../../contracts/run.ts';
import { MitateError } from '../../errors/index.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { requireName } from '../access/require-name.ts';
import { findRun } from './find-run.ts';

/** Null = none. */
export interface RunDescription {
  experiment?: string | null | undefined;
  note?: string | null | undefined;
}

/** @throws ACCESS_NAME_INVALID, RUN_NOTE_TOO_LONG */
export function checkDescription({ experiment, note }: RunDescription): void {
  if (experiment) requireName('experiment', experiment);
  if (note && note.length > longestNote)
    throw new MitateError('RUN_NOTE_TOO_LONG', { length: note.length, most: longestNote });
}

/** Sets or clears the experiment and the note of a run in any state. @throws RUN_NOT_FOUND, ACCESS_NAME_INVALID, RUN_NOTE_TOO_LONG */
export async function describeRun(
  store: Pick<OpenStore, 'listRuns' | 'getRun' | 'audited'>,
  id: string,
  { experiment, note }: RunDescription,
  actor: Actor,
): Promise<RunRecord> {
  checkDescription({ experiment, note });
  const run = await findRun(store, id);
  const change = { ...(experiment !== undefined && { experiment }), ...(note !== undefined && { note }) };
  if (Object.keys(change).length === 0) throw new MitateError('RUN_DESCRIPTION_EMPTY', { id: run.id });
  await store.audited((within) => within.describeRun(run.id, change), {
    actor,
    action: 'run.note',
    subject: run.id,
    details: change,
  });
  return { ...run, ...change };
}
