import { and, desc, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { StoredArtifact } from '../../contracts/artifact.ts';
import { eqIf } from '../database/conditions.ts';
import type { RepositoryContext, UriCodec } from '../database/context.ts';
import { artifacts, executionOutputs, executions } from '../database/schema.ts';
import type { RunStore } from './contract.ts';

type ArtifactMethods = Pick<RunStore, 'getArtifact' | 'listArtifacts' | 'markDeleted'>;

export function toArtifact(row: typeof artifacts.$inferSelect, uris: UriCodec): StoredArtifact {
  const { seq: _seq, project: _project, component: _component, ...artifact } = row;
  return { ...artifact, uri: uris.decode(artifact.uri) };
}

export function artifactRepository({ database, project, now, uris }: RepositoryContext): ArtifactMethods {
  const here = eq(artifacts.project, project);

  /** Artifacts of a run: published, resolved, or taken from the cache. */
  const ofRun = (runId: string) =>
    database
      .select({ id: executionOutputs.artifactId })
      .from(executions)
      .innerJoin(
        executionOutputs,
        eq(executionOutputs.executionId, sql`coalesce(${executions.cachedFrom}, ${executions.id})`),
      )
      .where(eq(executions.runId, runId));

  return {
    async getArtifact(id) {
      const [row] = await database
        .select()
        .from(artifacts)
        .where(and(here, eq(artifacts.id, id)));
      return row ? toArtifact(row, uris) : null;
    },

    async listArtifacts(filter = {}) {
      const { pipeline, component, step, key, type, runId, live, before, limit } = filter;
      const rows = await database
        .select()
        .from(artifacts)
        .where(
          and(
            here,
            eqIf(artifacts.pipeline, pipeline),
            eqIf(artifacts.component, component),
            eqIf(artifacts.step, step),
            eqIf(artifacts.key, key),
            eqIf(artifacts.type, type),
            runId === undefined ? undefined : inArray(artifacts.id, ofRun(runId)),
            live === undefined
              ? undefined
              : live
                ? isNull(artifacts.deletedAt)
                : sql`${artifacts.deletedAt} is not null`,
            before === undefined ? undefined : sql`${artifacts.seq} < (select seq from artifacts where id = ${before})`,
          ),
        )
        .orderBy(desc(artifacts.seq))
        .limit(limit ?? 10_000);
      return rows.map((row) => toArtifact(row, uris));
    },

    async markDeleted(artifactIds) {
      if (artifactIds.length === 0) return;
      await database
        .update(artifacts)
        .set({ deletedAt: now() })
        .where(and(here, inArray(artifacts.id, artifactIds), isNull(artifacts.deletedAt)));
    },
  };
}
