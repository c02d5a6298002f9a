import { and, asc, desc, eq, lte, sql } from 'drizzle-orm';
import type { ModelVersion } from '../../contracts/model.ts';
import { eqIf } from '../database/conditions.ts';
import type { Queryable } from '../database/connect.ts';
import type { RepositoryContext } from '../database/context.ts';
import { aliasChanges, artifacts, modelVersions } from '../database/schema.ts';
import { listDeployments, moveStable } from '../endpoints/deployments.ts';
import { appendAlias, currentAliases, pointChampion } from './aliases.ts';
import type { ModelStore } from './contract.ts';
import { modelNotFound } from './not-found.ts';

export function modelRepository({ database, project, now, uris }: RepositoryContext): ModelStore {
  const named = (name: string) => and(eq(modelVersions.project, project), eq(modelVersions.name, name));
  const changes = (name: string) => and(eq(aliasChanges.project, project), eq(aliasChanges.name, name));

  const listVersions = async (name: string): Promise<ModelVersion[]> => {
    const rows = await database
      .select({ version: modelVersions, artifactUri: artifacts.uri })
      .from(modelVersions)
      .innerJoin(artifacts, eq(artifacts.id, modelVersions.artifactId))
      .where(named(name))
      .orderBy(desc(modelVersions.version));
    const aliases = await currentAliases(database, project, name);
    return rows.map(
      ({ version: { digest, project: _, ...version }, artifactUri }): ModelVersion => ({
        ...version,
        artifactDigest: digest,
        artifactUri: uris.decode(artifactUri),
        aliases: aliases.filter((alias) => alias.version === version.version).map(({ alias }) => alias),
      }),
    );
  };

  return {
    async listModels() {
      const rows = await database
        .select({
          name: modelVersions.name,
          versions: sql<number>`count(*)::int`,
          createdAt: sql<string>`min(${modelVersions.createdAt})`,
        })
        .from(modelVersions)
        .where(eq(modelVersions.project, project))
        .groupBy(modelVersions.name)
        .orderBy(sql`max(${modelVersions.createdAt}) desc`, asc(modelVersions.name));
      const aliases = await currentAliases(database, project);
      return rows.map((row) => ({
        ...row,
        createdAt: new Date(row.createdAt),
        champion: aliases.find(({ name, alias }) => name === row.name && alias === 'champion')?.version ?? null,
      }));
    },

    listVersions,

    async findVersion(reference) {
      const at = reference.lastIndexOf('@');
      const [name, selector] = at < 0 ? [reference, ''] : [reference.slice(0, at), reference.slice(at + 1)];
      const versions = await listVersions(name);
      if (/^\d+$/.test(selector)) return versions.find(({ version }) => version === Number(selector)) ?? null;
      const aliased = versions.find(({ aliases }) => aliases.includes(selector || 'champion'));
      return aliased ?? (selector === '' ? (versions[0] ?? null) : null);
    },

    async replaceModelArtifact(from, to, { who, why }) {
      await database.transaction(async (tx) => {
        await tx.execute(sql`
          update model_versions v set artifact_id = a.id, digest = a.digest from artifacts a
          where a.id = ${to} and v.artifact_id = ${from} and v.project = ${project}`);
        // servers notice this event and load the new files
        await tx.execute(sql`
          insert into endpoint_events (project, endpoint, action, at, who, why)
          select distinct d.project, d.endpoint, 'set', ${now().toISOString()}::timestamptz, ${who}, ${why}
          from deployments d join model_versions v on v.project = d.project and v.name = d.model_name and v.version = d.version
          where v.artifact_id = ${to} and d.until is null and d.project = ${project}`);
      });
    },

    async setAlias({ name, alias, version, who, why }) {
      await database.transaction(async (tx) => {
        const at = now();
        await lockModel(tx, project, name);
        const [known] = await tx
          .select({ version: modelVersions.version })
          .from(modelVersions)
          .where(and(named(name), eq(modelVersions.version, version)));
        if (known === undefined) throw await modelNotFound(tx, project, `${name}@${version}`);
        if (alias !== 'champion') {
          await appendAlias(tx, project, { name, alias, version, at, who, why });
          return;
        }
        await pointChampion(tx, project, { name, version, at, who, why });
        await moveStable(tx, { project, modelName: name, version, at, who, why });
      });
    },

    async aliasTimeline(name, alias) {
      const rows = await database
        .select()
        .from(aliasChanges)
        .where(and(changes(name), eqIf(aliasChanges.alias, alias)))
        .orderBy(desc(aliasChanges.seq));
      return rows.map(({ seq: _seq, project: _project, ...change }) => change);
    },

    async aliasAt(name, alias, at) {
      const [row] = await database
        .select({ version: aliasChanges.version })
        .from(aliasChanges)
        .where(and(changes(name), eq(aliasChanges.alias, alias), lte(aliasChanges.at, at)))
        .orderBy(desc(aliasChanges.at), desc(aliasChanges.seq))
        .limit(1);
      return row?.version ?? null;
    },

    listDeployments: (endpoint) => listDeployments(database, { project, endpoint }),
  };
}

/** Until the transaction ends. Serialises version numbers and alias changes. */
export async function lockModel(tx: Queryable, project: string, name: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`model:${project}:${name}`}, 0))`);
}
