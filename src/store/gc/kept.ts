import { sql } from 'drizzle-orm';
import type { Queryable } from '../database/connect.ts';

/**
 * Ids of artifacts in use: of active runs and the newest `keepRuns` of each pipeline (inputs and outputs, including
 * cached ones), of every model version, and the inputs and outputs of its push.
 */
export async function keptArtifacts(database: Queryable, keepRuns: number): Promise<Set<string>> {
  const { rows } = await database.execute<{ id: string }>(sql`
    with kept_runs as (
      select id from (
        select id, state, row_number() over (partition by project, pipeline order by seq desc) as age from runs
      ) as aged where age <= ${keepRuns} or state = 'running'
    ), kept_executions as (
      select id, coalesce(cached_from, id) as source from executions where run_id in (select id from kept_runs)
      union
      select execution_id, execution_id from model_versions
    )
    select artifact_id as id from model_versions
    union
    select artifact_id from execution_inputs where execution_id in (select id from kept_executions)
    union
    select artifact_id from execution_outputs where execution_id in (select source from kept_executions)`);
  return new Set(rows.map(({ id }) => id));
}

/** Runs whose logs are kept, and active executions. */
export async function keptRuns(
  database: Queryable,
  keepRuns: number,
): Promise<{ runs: Set<string>; running: Set<string> }> {
  const runs = await database.execute<{ id: string }>(sql`
    select id from (
      select id, state, row_number() over (partition by project, pipeline order by seq desc) as age from runs
    ) as aged where age <= ${keepRuns} or state = 'running'`);
  const running = await database.execute<{ id: string }>(sql`select id from executions where state = 'running'`);
  return { runs: new Set(runs.rows.map(({ id }) => id)), running: new Set(running.rows.map(({ id }) => id)) };
}
