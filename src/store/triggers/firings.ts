import { and, asc, desc, eq, getTableColumns, inArray, isNull, or, type SQL, sql } from 'drizzle-orm';
import { eventKey } from '../../contracts/loop/event-key.ts';
import type { Firing } from '../../contracts/loop/trigger.ts';
import { eqIf, ltIf } from '../database/conditions.ts';
import type { Queryable } from '../database/connect.ts';
import type { RepositoryContext } from '../database/context.ts';
import { firings } from '../database/feedback-schema.ts';
import { runs } from '../database/schema.ts';
import type { TriggerStore } from './contract.ts';

const { project: _project, feedbackSeq: _feedbackSeq, ...columns } = getTableColumns(firings);

type Row = Omit<Firing, 'run'>;

export function firingRepository({
  database,
  project,
}: RepositoryContext): Pick<
  TriggerStore,
  'recordEvent' | 'closeHeld' | 'unqueued' | 'markQueued' | 'noteFailure' | 'listFirings'
> {
  const mine = eq(firings.project, project);
  const select = (where: SQL | undefined) => database.select(columns).from(firings).where(and(mine, where)).$dynamic();

  return {
    async recordEvent({ at, ...firing }) {
      const added = await database
        .insert(firings)
        .values({ ...firing, project, at, state: 'held' })
        .onConflictDoNothing()
        .returning({ seq: firings.seq });
      return added.length === 1;
    },

    async closeHeld(trigger, events, why) {
      if (events.length === 0) return;
      const these = and(eq(firings.trigger, trigger), inArray(firings.occasion, [...events]));
      await database
        .update(firings)
        .set({ state: 'skipped', why })
        .where(and(mine, these, eq(firings.state, 'held')));
    },

    async unqueued() {
      const waiting = await select(and(eq(firings.state, 'fired'), isNull(firings.enqueuedAt))).orderBy(
        asc(firings.seq),
      );
      return await withRuns(database, project, waiting);
    },

    async markQueued(seq, at, evidence) {
      await database
        .update(firings)
        .set({
          enqueuedAt: at,
          error: null,
          evidence: sql`${firings.evidence} || ${JSON.stringify(evidence)}::jsonb`,
        })
        .where(and(mine, eq(firings.seq, seq)));
    },

    async noteFailure(runId, doing, error) {
      await database
        .update(firings)
        .set({ error })
        .where(and(mine, eq(firings.runId, runId), doing === 'queue' ? isNull(firings.enqueuedAt) : undefined));
    },

    async listFirings({ trigger, state, occasion, kind, before, limit = 100 } = {}) {
      const found = await select(
        and(
          eqIf(firings.trigger, trigger),
          eqIf(firings.state, state),
          eqIf(firings.occasion, occasion),
          kind === undefined ? undefined : sql`starts_with(${firings.occasion}, ${eventKey(kind, '')})`,
          ltIf(firings.seq, before),
        ),
      )
        .orderBy(desc(firings.seq))
        .limit(limit);
      return await withRuns(database, project, found);
    },
  };
}

/** Each with the newest run of its order: the order's own, or the one after a worker died. */
async function withRuns(database: Queryable, project: string, found: readonly Row[]): Promise<Firing[]> {
  const ids = found.flatMap(({ runId }) => runId ?? []);
  if (ids.length === 0) return found.map((firing) => ({ ...firing, run: null }));
  const { id, trigger, state, startedAt, finishedAt, error } = getTableColumns(runs);
  const ran = await database
    .select({ id, trigger, state, startedAt, finishedAt, error })
    .from(runs)
    .where(and(eq(runs.project, project), or(inArray(id, ids), inArray(trigger, ids.map(retryOf)))))
    .orderBy(asc(runs.seq));
  const byOrder = new Map(
    ran.map(({ trigger, ...run }) => [
      trigger.startsWith(retryOf('')) ? trigger.slice(retryOf('').length) : run.id,
      run,
    ]),
  );
  return found.map((firing) => ({ ...firing, run: byOrder.get(firing.runId ?? '') ?? null }));
}

/** As the worker names the run that replaces it. */
export const retryOf = (id: string) => `retry of ${id}`;
