import { eq, sql } from 'drizzle-orm';
import type { Artifact } from '../../contracts/artifact.ts';
import type { Usage } from '../../contracts/run.ts';
import { MitateError } from '../../errors/index.ts';
import type { Queryable } from '../database/connect.ts';
import type { RepositoryContext, UriCodec } from '../database/context.ts';
import { artifacts, executionOutputs } from '../database/schema.ts';
import type { PublishedOutput, RunStore } from './contract.ts';
import { requireExecution } from './executions.ts';
import { applyIntent, type IntentEffect } from './intents.ts';

type Outcome = Parameters<RunStore['completeExecution']>[1];
type Answer = (Artifact & { key: string })[];

/** Artifacts, model version, alias and deployment of an execution appear atomically. */
export function publisher({ database, project, now, uris }: RepositoryContext): Pick<RunStore, 'completeExecution'> {
  const withIntents = async (tx: Queryable, id: string, outcome: Outcome): Promise<Answer> => {
    const execution = await requireExecution(tx, project, id);
    if (execution.state === 'succeeded') return readOutputs(tx, id, uris);
    if (execution.state !== 'running') throw new MitateError('EXECUTION_ENDED', execution);
    const at = now();
    const effects: IntentEffect[] = [];
    for (const intent of outcome.intents)
      effects.push(await applyIntent(tx, intent, { project, execution, who: outcome.who, at, uris }));
    const outputs = withProperties(outcome.outputs, effects);
    const resolved = effects.flatMap((effect) => effect.resolved ?? []);
    const { summary, usage = null } = outcome;
    await publish(tx, { id, outputs, resolved, summary, usage, at, uris });
    return readOutputs(tx, id, uris);
  };

  return {
    async completeExecution(id, outcome) {
      const { outputs, intents, summary, usage = null } = outcome;
      const plain = { id, outputs, resolved: [], summary, usage, at: now(), uris };
      if (intents.length === 0 && (await publish(database, plain)))
        return outputs.map(({ sizeBytes: _, ...output }) => output).sort((a, b) => (a.key < b.key ? -1 : 1));
      return database.transaction((tx) => withIntents(tx, id, outcome));
    },
  };
}

interface Publication {
  id: string;
  outputs: PublishedOutput[];
  resolved: { key: string; artifactId: string }[];
  summary: string | null;
  usage: Usage | null;
  at: Date;
  uris: UriCodec;
}

/**
 * One statement, so one round trip instead of seven (0.7 ms each on PGlite).
 * @returns false when the execution is not running; nothing is changed
 */
async function publish(
  db: Queryable,
  { id, outputs, resolved, summary, usage, at, uris }: Publication,
): Promise<boolean> {
  const rows = outputs.map((output) => ({ ...output, uri: uris.encode(output.uri) }));
  const { rows: ended } = await db.execute(sql`
    with ended as (
      update executions set state = 'succeeded', summary = ${summary}, usage = ${usage && JSON.stringify(usage)}::jsonb, finished_at = ${at.toISOString()}::timestamptz
      where id = ${id} and state = 'running'
      returning id, run_id, step, component
    ), published as (
      insert into artifacts
        (id, project, type, uri, digest, properties, pipeline, step, component, key, execution_id, created_at, size_bytes)
      select o.id, runs.project, o.type, o.uri, o.digest, o.properties, runs.pipeline, ended.step, ended.component, o.key, ended.id,
        ${at.toISOString()}::timestamptz, o."sizeBytes"
      from ended join runs on runs.id = ended.run_id, jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        as o(id text, type text, uri text, digest text, properties jsonb, key text, "sizeBytes" bigint)
      returning id, key
    ), linked as (
      insert into execution_outputs (execution_id, key, artifact_id)
      select ended.id, edge.key, edge.id from ended, (
        select key, id from published
        union all
        select key, "artifactId" from jsonb_to_recordset(${JSON.stringify(resolved)}::jsonb) as r(key text, "artifactId" text)
      ) as edge
    )
    select id from ended`);
  return ended.length > 0;
}

async function readOutputs(tx: Queryable, id: string, uris: UriCodec): Promise<Answer> {
  const rows = await tx
    .select({ key: executionOutputs.key, artifact: artifacts })
    .from(executionOutputs)
    .innerJoin(artifacts, eq(artifacts.id, executionOutputs.artifactId))
    .where(eq(executionOutputs.executionId, id))
    .orderBy(executionOutputs.key);
  return rows.map(({ key, artifact: { id, type, uri, digest, properties } }) => ({
    key,
    id,
    type,
    uri: uris.decode(uri),
    digest,
    properties,
  }));
}

/** A push adds its version to the properties of an output. */
function withProperties(outputs: PublishedOutput[], effects: IntentEffect[]): PublishedOutput[] {
  return outputs.map((output) => {
    const given = effects.flatMap(({ properties }) => (properties?.key === output.key ? [properties.values] : []));
    return { ...output, properties: Object.assign({}, output.properties, ...given) };
  });
}
