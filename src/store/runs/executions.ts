import { and, desc, eq, exists, inArray, isNotNull, not, sql } from 'drizzle-orm';
import type { ExecutionRecord, StoredError } from '../../contracts/run.ts';
import { MitateError } from '../../errors/index.ts';
import type { Queryable } from '../database/connect.ts';
import type { RepositoryContext } from '../database/context.ts';
import { artifacts, executionInputs, executionOutputs, executions, runs } from '../database/schema.ts';
import { toArtifact } from './artifacts.ts';
import type { RunStore } from './contract.ts';

type ExecutionMethods = Pick<
  RunStore,
  | 'startExecution'
  | 'recordCached'
  | 'failExecution'
  | 'noteProgress'
  | 'getExecution'
  | 'getExecutions'
  | 'listExecutions'
  | 'findCached'
  | 'previousKeyParts'
  | 'executionArtifacts'
  | 'consumers'
>;

function toExecution({ seq: _, ...record }: typeof executions.$inferSelect): ExecutionRecord {
  return record;
}

/** The execution, if its run belongs to this project. */
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
      await insertExecution(database, { ...execution, state: 'running' }, inputs);
    },

    async recordCached(execution, inputs, cachedFrom) {
      await insertExecution(database, { ...execution, state: 'cached', cachedFrom, finishedAt: now() }, inputs);
    },

    async failExecution(id, state, error, usage = null) {
      await end(database, project, id, { state, error, usage, finishedAt: now() });
    },

    async noteProgress(id, progress) {
      await database
        .update(executions)
        .set({ progress })
        .where(and(within(project, id), eq(executions.state, 'running')));
    },

    async getExecutions(ids) {
      if (ids.length === 0) return [];
      const rows = await database
        .select({ execution: executions })
        .from(executions)
        .innerJoin(runs, and(eq(runs.id, executions.runId), eq(runs.project, project)))
        .where(inArray(executions.id, [...ids]));
      return rows.map(({ execution }) => toExecution(execution));
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
        .select({ id: executions.id, summary: executions.summary })
        .from(executions)
        // never outputs of another project, even with the same key
        .innerJoin(runs, and(eq(runs.id, executions.runId), eq(runs.project, project)))
        .where(and(eq(executions.cacheKey, cacheKey), eq(executions.state, 'succeeded'), not(exists(deleted))))
        .orderBy(desc(executions.seq))
        .limit(1)
        .as('newest');
      const rows = await database
        .select({ id: newest.id, summary: newest.summary, artifact: artifacts })
        .from(newest)
        .leftJoin(executionOutputs, eq(executionOutputs.executionId, newest.id))
        .leftJoin(artifacts, eq(artifacts.id, executionOutputs.artifactId))
        .orderBy(artifacts.seq);
      if (rows[0] === undefined) return null;
      const outputs = rows.flatMap(({ artifact }) => (artifact === null ? [] : [toArtifact(artifact, uris)]));
      return { executionId: rows[0].id, summary: rows[0].summary, outputs };
    },

    async previousKeyParts(pipeline, steps) {
      // newest first by the index on seq, step by step: avoids sorting 100,000 executions
      const { rows } = await database.execute<{ step: string; keyParts: ExecutionRecord['keyParts'] }>(sql`
        select asked.step, newest.key_parts as "keyParts"
        from jsonb_array_elements_text(${JSON.stringify(steps)}::jsonb) as asked(step), lateral (
          select e.key_parts from executions e join runs r on r.id = e.run_id
          where e.step = asked.step and e.state in ('succeeded', 'cached')
            and r.project = ${project} and r.pipeline = ${pipeline}
          order by e.seq desc limit 1
        ) as newest`);
      return new Map(rows.map(({ step, keyParts }) => [step, keyParts]));
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

/** One statement instead of a transaction with two: three round trips less. */
async function insertExecution(
  database: Queryable,
  row: typeof executions.$inferInsert,
  inputs: { key: string; artifactId: string }[],
): Promise<void> {
  const insert = database.insert(executions).values(row).returning({ id: executions.id }).getSQL();
  await database.execute(sql`
    with started as (${insert})
    insert into execution_inputs (execution_id, key, artifact_id)
    select distinct started.id, edge.key, edge."artifactId"
    from started, jsonb_to_recordset(${JSON.stringify(inputs)}::jsonb) as edge(key text, "artifactId" text)`);
}

async function edges(database: Queryable, table: typeof executionInputs | typeof executionOutputs, id: string) {
  return database
    .select({ key: table.key, artifact: artifacts })
    .from(table)
    .innerJoin(artifacts, eq(artifacts.id, table.artifactId))
    .where(eq(table.executionId, id))
    .orderBy(table.key, artifacts.seq);
}

/** Ends a running execution; ending it again with the same state changes nothing. */
async function end(
  database: Queryable,
  project: string,
  id: string,
  change: Pick<ExecutionRecord, 'state' | 'finishedAt' | 'error' | 'usage'>,
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
