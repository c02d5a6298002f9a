import { and, count, desc, eq, inArray, max, sql } from 'drizzle-orm';
import { type RunRecord, storedError } from '../../contracts/run.ts';
import { MitateError } from '../../errors/index.ts';
import { eqIf } from '../database/conditions.ts';
import type { Queryable } from '../database/connect.ts';
import type { RepositoryContext } from '../database/context.ts';
import { pipelineDefinitions, runs } from '../database/schema.ts';
import { identify, stateOf } from '../workspace/process-identity.ts';
import type { RunStore } from './contract.ts';
import { endRunningExecutions } from './executions.ts';

type RunMethods = Pick<
  RunStore,
  | 'createRun'
  | 'getDefinition'
  | 'latestRuns'
  | 'finishRun'
  | 'requestCancel'
  | 'describeRun'
  | 'getRun'
  | 'countRuns'
  | 'listRuns'
>;

function toRecord(row: typeof runs.$inferSelect): RunRecord {
  const { seq: _seq, project: _project, host: _host, processStarted: _started, heartbeatAt: _beat, ...record } = row;
  return record;
}

export function runRepository({ database, project, now }: RepositoryContext): RunMethods {
  const withId = (id: string) => and(eq(runs.project, project), eq(runs.id, id));

  const getRun = async (id: string) => {
    const [row] = await database.select().from(runs).where(withId(id));
    return row ? toRecord(row) : null;
  };

  return {
    getRun,

    async createRun(run, definition) {
      const { host, started } = identify(run.pid ?? process.pid);
      await database.transaction(async (tx) => {
        await tx.insert(runs).values({ ...run, project, state: 'running', host, processStarted: started });
        if (definition)
          await tx
            .insert(pipelineDefinitions)
            .values({ project, digest: run.definitionDigest, definition })
            .onConflictDoNothing();
      });
    },

    async getDefinition(digest) {
      const [row] = await database
        .select({ definition: pipelineDefinitions.definition })
        .from(pipelineDefinitions)
        .where(and(eq(pipelineDefinitions.project, project), eq(pipelineDefinitions.digest, digest)));
      return row?.definition ?? null;
    },

    async latestRuns() {
      const newest = database
        .selectDistinctOn([runs.pipeline])
        .from(runs)
        .where(eq(runs.project, project))
        .orderBy(runs.pipeline, desc(runs.seq))
        .as('newest');
      return (await database.select().from(newest).orderBy(desc(newest.seq))).map(toRecord);
    },

    async finishRun(id, state, error) {
      const ended = await database
        .update(runs)
        .set({ state, error, finishedAt: now() })
        .where(and(withId(id), eq(runs.state, 'running')))
        .returning({ id: runs.id });
      if (ended.length === 0 && (await getRun(id)) === null) throw new MitateError('RUN_UNKNOWN', { id });
    },

    async requestCancel(id) {
      const asked = await database
        .update(runs)
        .set({ cancelRequested: true })
        .where(and(withId(id), eq(runs.state, 'running')))
        .returning({ id: runs.id });
      return asked.length > 0;
    },

    async describeRun(id, what) {
      await database.update(runs).set(what).where(withId(id));
    },

    async countRuns() {
      const { pipeline, state, finishedAt } = runs;
      return await database
        .select({ pipeline, state, count: count(), lastFinishedAt: max(finishedAt) })
        .from(runs)
        .where(eq(runs.project, project))
        .groupBy(pipeline, state);
    },

    async listRuns(filter = {}) {
      const rows = await database
        .select()
        .from(runs)
        .where(
          and(
            eq(runs.project, project),
            eqIf(runs.pipeline, filter.pipeline),
            eqIf(runs.state, filter.state),
            eqIf(runs.experiment, filter.experiment),
            filter.before === undefined
              ? undefined
              : sql`${runs.seq} < (select seq from runs where id = ${filter.before})`,
          ),
        )
        .orderBy(desc(runs.seq))
        .limit(filter.limit ?? 1_000);
      return rows.map(toRecord);
    },
  };
}

/** Heartbeat of these runs, by the database's clock, since hosts differ. */
export async function beat(database: Queryable, ids: string[]): Promise<void> {
  await database.update(runs).set({ heartbeatAt: sql`now()` }).where(inArray(runs.id, ids));
}

/** A process on another host counts as dead after this silence: 8 missed beats. */
const silentSeconds = 120;

/**
 * Fails runs whose process has ended, with RUN_INTERRUPTED, and their running executions.
 * @param alone no other process can use this database
 * @returns their ids
 */
export async function failInterruptedRuns({ database, now }: RepositoryContext, alone: boolean): Promise<string[]> {
  const silent = sql<boolean>`coalesce(${runs.heartbeatAt}, ${runs.startedAt}) < now() - interval '1 second' * ${silentSeconds}`;
  const running = await database.select({ run: runs, silent }).from(runs).where(eq(runs.state, 'running'));
  const dead = running
    .filter(({ run: { pid, host, processStarted }, silent }) => {
      const state = pid === null ? 'unknown' : stateOf({ pid, host, started: processStarted });
      if (alone) return !(state === 'alive' && pid === process.pid);
      return state === 'dead' || (state === 'unknown' && silent);
    })
    .map(({ run }) => run);
  if (dead.length === 0) return [];
  await database.transaction(async (tx) => {
    for (const { id, pid } of dead) {
      const error = storedError(new MitateError('RUN_INTERRUPTED', { pid: pid ?? 0 }));
      await tx.update(runs).set({ state: 'failed', error, finishedAt: now() }).where(eq(runs.id, id));
      await endRunningExecutions(tx, id, error, now());
    }
  });
  return dead.map(({ id }) => id);
}
