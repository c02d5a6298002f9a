import { and, desc, eq, exists, inArray, isNotNull, not, sql } from 'drizzle-orm';
import { MitateError } from '../../errors/index.ts';
import type { Queryable } from '../database/connect.ts';
import { artifacts, executionInputs, executionOutputs, executions, runs } from '../database/schema.ts';
import type { ExecutionRecord, Store, StoredError } from '../store.ts';
import { toArtifact } from './artifacts.ts';
import type { RepositoryContext } from './context.ts';

type ExecutionMethods = Pick<
  Store,
  | 'startExecution'
  | 'completeFromCache'
  | 'failExecution'
  | 'getExecution'
  | 'listExecutions'
  | 'findCached'
  | 'findPrevious'
  | 'executionArtifacts'
  | 'consumers'
>;

export function toExecution({ seq: _, ...record }: typeof executions.$inferSelect): ExecutionRecord {
  return record;
}

/** The execution, if its run is of this project. */
const within = (project: string, id: string) =>
  and(
    eq(executions.id, id),
    sql`exists (select 1 from ${runs} where ${runs.id} = ${executions.runId} and ${runs.project} = ${project})`,
  );

export async function requireExecution(database: Queryable, project: string, id: string) {
  const [row] = await database.select().from(executions).where(within(project, id)).for('update');
  if (row === undefined) throw new MitateError('EXECUTION_UNKNOWN', { id });
  return row;
}

export function executionRepository({ database, project, now, uris }: RepositoryContext): ExecutionMethods {
  return {
    async startExecution(execution, inputs) {
      const row = { ...execution, state: 'running' as const };
      const insert = database.insert(executions).values(row).returning({ id: executions.id }).getSQL();
      const edges = JSON.stringify(inputs);
      // one statement instead of a transaction of two: three round trips less
      await database.execute(sql`
        with started as (${insert})
        insert into execution_inputs (execution_id, key, artifact_id)
        select distinct started.id, edge.key, edge."artifactId"
        from started, jsonb_to_recordset(${edges}::jsonb) as edge(key text, "artifactId" text)`);
    },

    async completeFromCache(id, cachedFrom) {
      await end(database, project, id, { state: 'cached', cachedFrom, finishedAt: now() });
    },

    async failExecution(id, state, error) {
      await end(database, project, id, { state, error, finishedAt: now() });
    },

    async getExecution(id) {
      const [row] = await database.select().from(executions).where(within(project, id));
      return row ? toExecution(row) : null;
    },

    async listExecutions(runId) {
      const rows = await database
        .select({ execution: executions })
        .from(executions)
        .innerJoin(runs, and(eq(runs.id, executions.runId), eq(runs.project, project)))
        .where(eq(executions.runId, runId))
        .orderBy(desc(executions.seq));
      return rows.map(({ execution }) => toExecution(execution));
    },

    async findCached(cacheKey) {
      const deleted = database
        .select({ one: sql`1` })
        .from(executionOutputs)
        .innerJoin(artifacts, eq(artifacts.id, executionOutputs.artifactId))
        .where(and(eq(executionOutputs.executionId, executions.id), isNotNull(artifacts.deletedAt)));
      const newest = database
        .select({ id: executions.id })
        .from(executions)
        // another project's outputs are not this one's, whatever the key
        .innerJoin(runs, and(eq(runs.id, executions.runId), eq(runs.project, project)))
        .where(and(eq(executions.cacheKey, cacheKey), eq(executions.state, 'succeeded'), not(exists(deleted))))
        .orderBy(desc(executions.seq))
        .limit(1)
        .as('newest');
      const rows = await database
        .select({ id: newest.id, artifact: artifacts })
        .from(newest)
        .leftJoin(executionOutputs, eq(executionOutputs.executionId, newest.id))
        .leftJoin(artifacts, eq(artifacts.id, executionOutputs.artifactId))
        .orderBy(artifacts.seq);
      if (rows[0] === undefined) return null;
      const outputs = rows.flatMap(({ artifact }) => (artifact === null ? [] : [toArtifact(artifact, uris)]));
      return { executionId: rows[0].id, outputs };
    },

    async findPrevious(pipeline, step) {
      const [row] = await database
        .select({ execution: executions })
        .from(executions)
        .innerJoin(runs, eq(runs.id, executions.runId))
        .where(
          and(
            eq(executions.step, step),
            eq(runs.project, project),
            eq(runs.pipeline, pipeline),
            inArray(executions.state, ['succeeded', 'cached']),
          ),
        )
        .orderBy(desc(executions.seq))
        .limit(1);
      return row ? toExecution(row.execution) : null;
    },

    async executionArtifacts(executionId) {
      const [row] = await database
        .select({ source: sql<string>`coalesce(${executions.cachedFrom}, ${executions.id})` })
        .from(executions)
        .where(within(project, executionId));
      if (row === undefined) throw new MitateError('EXECUTION_UNKNOWN', { id: executionId });
      const [inputs, outputs] = [
        await edges(database, executionInputs, executionId),
        await edges(database, executionOutputs, row.source),
      ];
      const decode = (list: typeof inputs) =>
        list.map(({ key, artifact }) => ({ key, artifact: toArtifact(artifact, uris) }));
      return { inputs: decode(inputs), outputs: decode(outputs) };
    },

    async consumers(artifactId) {
      const rows = await database
        .selectDistinct({ execution: executions })
        .from(executionInputs)
        .innerJoin(executions, eq(executions.id, executionInputs.executionId))
        .innerJoin(runs, and(eq(runs.id, executions.runId), eq(runs.project, project)))
        .where(eq(executionInputs.artifactId, artifactId))
        .orderBy(desc(executions.seq));
      return rows.map(({ execution }) => toExecution(execution));
    },
  };
}

async function edges(database: Queryable, table: typeof executionInputs | typeof executionOutputs, id: string) {
  return database
    .select({ key: table.key, artifact: artifacts })
    .from(table)
    .innerJoin(artifacts, eq(artifacts.id, table.artifactId))
    .where(eq(table.executionId, id))
    .orderBy(table.key, artifacts.seq);
}

/** Ends a running execution; ending it again in the same way changes nothing. */
async function end(
  database: Queryable,
  project: string,
  id: string,
  change: Pick<ExecutionRecord, 'state' | 'finishedAt'> & { cachedFrom?: string; error?: StoredError | null },
): Promise<void> {
  const ended = await database
    .update(executions)
    .set(change)
    .where(and(within(project, id), eq(executions.state, 'running')))
    .returning({ id: executions.id });
  if (ended.length > 0) return;
  const { step, state } = await requireExecution(database, project, id);
  if (state !== change.state) throw new MitateError('EXECUTION_ENDED', { id, step, state });
}

export async function endRunningExecutions(database: Queryable, runId: string, error: StoredError, at: Date) {
  await database
    .update(executions)
    .set({ state: 'failed', error, finishedAt: at })
    .where(and(eq(executions.runId, runId), eq(executions.state, 'running')));
}
