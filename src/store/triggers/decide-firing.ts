import { and, eq, getTableColumns, sql } from 'drizzle-orm';
import type { EventKey } from '../../contracts/loop/event-key.ts';
import type { Firing } from '../../contracts/loop/trigger.ts';
import type { Queryable } from '../database/connect.ts';
import type { RepositoryContext } from '../database/context.ts';
import { firings, triggers } from '../database/feedback-schema.ts';
import type { TriggerStore } from './contract.ts';
import { firingHistory, newestFeedback } from './firing-history.ts';

const { project: _project, feedbackSeq: _feedbackSeq, ...columns } = getTableColumns(firings);

/** Locks the trigger's row, so that cool-down and budget hold over decisions of several workers. */
export function firingDecider({ database, project }: RepositoryContext): TriggerStore['decideFiring'] {
  return async (firing, query, otherwise, decide) =>
    await database.transaction(async (tx) => {
      if (!(await lockEnabled(tx, project, firing.trigger))) return null;
      const { covers, runId, ...named } = firing;
      const history = await firingHistory(tx, project, firing.trigger, query);
      const { fires, why, evidence } = decide(history);
      const outcome = {
        at: query.now,
        state: fires ? ('fired' as const) : otherwise,
        why,
        evidence: { ...evidence },
        runId: fires ? runId : null,
        feedbackSeq: fires ? await newestFeedback(tx, project) : null,
      };
      const [written] = await tx
        .insert(firings)
        .values({ ...named, ...outcome, project })
        .onConflictDoUpdate({
          target: [firings.project, firings.trigger, firings.occasion],
          set: outcome,
          // not rewritten each minute for the same reason
          setWhere: sql`${firings.state} = 'held' and ${fires ? sql`true` : sql`${firings.why} is distinct from ${why}`}`,
        })
        .returning(columns);
      if (written?.state === 'fired') await cover(tx, project, written, covers);
      return written ? ({ ...written, run: null } satisfies Firing) : null;
    });
}

/** In the same transaction: a covered alert starts no second run after a crash. */
async function cover(
  tx: Queryable,
  project: string,
  { trigger, occasion, at, who }: Pick<Firing, 'trigger' | 'occasion' | 'at' | 'who'>,
  covers: readonly EventKey[],
): Promise<void> {
  const others = covers.filter((key) => key !== occasion);
  if (others.length === 0) return;
  const why = `answered for by ${occasion}`;
  await tx
    .insert(firings)
    .values(
      others.map((key) => ({ project, trigger, occasion: key, at, who, why, state: 'skipped' as const, evidence: {} })),
    )
    .onConflictDoUpdate({
      target: [firings.project, firings.trigger, firings.occasion],
      set: { state: 'skipped', why },
      setWhere: eq(firings.state, 'held'),
    });
}

async function lockEnabled(tx: Queryable, project: string, name: string): Promise<boolean> {
  const [row] = await tx
    .select({ definition: triggers.definition })
    .from(triggers)
    .where(and(eq(triggers.project, project), eq(triggers.name, name)))
    .for('update');
  return row?.definition.isEnabled ?? false;
}
