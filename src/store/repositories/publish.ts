import { eq } from 'drizzle-orm';
import type { Artifact } from '../../contracts/artifact.ts';
import { MitateError } from '../../errors/index.ts';
import type { Queryable } from '../database/connect.ts';
import { artifacts, executionOutputs, executions, runs } from '../database/schema.ts';
import type { PublishedOutput, Store } from '../store.ts';
import type { RepositoryContext } from './context.ts';
import { applyIntent, type IntentEffect } from './intents.ts';

/** Artifact, version, alias and deployment of an execution appear together or not at all. */
export function publisher({ database, now, uris }: RepositoryContext): Pick<Store, 'completeExecution'> {
  return {
    completeExecution(id, { outputs, intents, summary, who }) {
      return database.transaction(async (tx) => {
        const execution = await lockExecution(tx, id);
        if (execution.state === 'succeeded') return readOutputs(tx, id);
        if (execution.state !== 'running') throw new MitateError('EXECUTION_ENDED', execution);
        const at = now();
        const effects: IntentEffect[] = [];
        for (const intent of intents) effects.push(await applyIntent(tx, intent, { execution, who, at, uris }));
        await insertOutputs(tx, execution, withProperties(outputs, effects), at);
        const resolved = effects.flatMap((effect) => effect.resolved ?? []);
        const edges = [...outputs.map(({ key, id: artifactId }) => ({ key, artifactId })), ...resolved];
        if (edges.length > 0)
          await tx.insert(executionOutputs).values(edges.map((edge) => ({ ...edge, executionId: id })));
        await tx.update(executions).set({ state: 'succeeded', summary, finishedAt: at }).where(eq(executions.id, id));
        return readOutputs(tx, id);
      });
    },
  };

  async function insertOutputs(tx: Queryable, execution: LockedExecution, outputs: PublishedOutput[], at: Date) {
    if (outputs.length === 0) return;
    const { id: executionId, pipeline, step, component } = execution;
    await tx.insert(artifacts).values(
      outputs.map((output) => ({
        ...output,
        uri: uris.encode(output.uri),
        pipeline,
        step,
        component,
        executionId,
        createdAt: at,
      })),
    );
  }

  async function readOutputs(tx: Queryable, id: string): Promise<(Artifact & { key: string })[]> {
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
}

type LockedExecution = Awaited<ReturnType<typeof lockExecution>>;

async function lockExecution(tx: Queryable, id: string) {
  const [execution] = await tx
    .select({
      id: executions.id,
      runId: executions.runId,
      step: executions.step,
      component: executions.component,
      state: executions.state,
      pipeline: runs.pipeline,
    })
    .from(executions)
    .innerJoin(runs, eq(runs.id, executions.runId))
    .where(eq(executions.id, id))
    .for('update', { of: executions });
  if (execution === undefined) throw new MitateError('EXECUTION_UNKNOWN', { id });
  return execution;
}

/** A push gives its version to the output that tells of it. */
function withProperties(outputs: PublishedOutput[], effects: IntentEffect[]): PublishedOutput[] {
  return outputs.map((output) => {
    const given = effects.filter(({ properties }) => properties?.key === output.key);
    return { ...output, properties: Object.assign({}, output.properties, ...given.map((e) => e.properties!.values)) };
  });
}
