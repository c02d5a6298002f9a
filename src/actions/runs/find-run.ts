import type { RunRecord } from '../../contracts/run.ts';
import { MitateError } from '../../errors/index.ts';
import type { OpenStore } from '../../store/open-store.ts';

export type Runs = Pick<OpenStore, 'listRuns' | 'getRun'>;

/** By its id, the beginning of it, or `latest`. @throws RUN_NOT_FOUND */
export async function findRun(store: Runs, id: string): Promise<RunRecord> {
  if (id === 'latest') {
    const [latest] = await store.listRuns({ limit: 1 });
    if (latest) return latest;
  }
  const exact = await store.getRun(id).catch(() => null);
  if (exact) return exact;
  const matches = (await store.listRuns({ limit: 1000 })).filter((run) => run.id.startsWith(id));
  const [only, another] = matches;
  if (only && !another) return only;
  throw new MitateError('RUN_NOT_FOUND', { id, matches: matches.length });
}
