import { and, asc, desc, eq, lte, sql } from 'drizzle-orm';
import { MitateError } from '../../errors/index.ts';
import type { Queryable } from '../database/connect.ts';
import { aliasChanges, artifacts, modelVersions } from '../database/schema.ts';
import type { AliasChange, ModelVersion, Store } from '../store.ts';
import { appendAlias, currentAliases } from './aliases.ts';
import type { RepositoryContext } from './context.ts';
import { listDeployments, moveStable } from './deployments.ts';

type ModelMethods = Pick<
  Store,
  'listModels' | 'listVersions' | 'findVersion' | 'setAlias' | 'aliasTimeline' | 'aliasAt' | 'listDeployments'
>;

export function modelRepository({ database, now, uris }: RepositoryContext): ModelMethods {
  const listVersions = async (name: string): Promise<ModelVersion[]> => {
    const rows = await database
      .select({ version: modelVersions, artifactUri: artifacts.uri })
      .from(modelVersions)
      .innerJoin(artifacts, eq(artifacts.id, modelVersions.artifactId))
      .where(eq(modelVersions.name, name))
      .orderBy(desc(modelVersions.version));
    const aliases = await currentAliases(database, name);
    return rows.map(
      ({ version: { digest, ...version }, artifactUri }): ModelVersion => ({
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
        .groupBy(modelVersions.name)
        .orderBy(sql`max(${modelVersions.createdAt}) desc`, asc(modelVersions.name));
      const aliases = await currentAliases(database);
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

    async setAlias({ name, alias, version, who, why }) {
      await database.transaction(async (tx) => {
        await lockModel(tx, name);
        const [known] = await tx
          .select({ version: modelVersions.version })
          .from(modelVersions)
          .where(and(eq(modelVersions.name, name), eq(modelVersions.version, version)));
        if (known === undefined) throw new MitateError('MODEL_UNKNOWN', { reference: `${name}@${version}` });
        await appendAlias(tx, { name, alias, version, at: now(), who, why });
        if (alias === 'champion') await crown(tx, { name, alias, version, at: now(), who, why });
      });
    },

    async aliasTimeline(name, alias) {
      const rows = await database
        .select()
        .from(aliasChanges)
        .where(and(eq(aliasChanges.name, name), alias === undefined ? undefined : eq(aliasChanges.alias, alias)))
        .orderBy(desc(aliasChanges.seq));
      return rows.map(({ seq: _, ...change }) => change);
    },

    async aliasAt(name, alias, at) {
      const [row] = await database
        .select({ version: aliasChanges.version })
        .from(aliasChanges)
        .where(and(eq(aliasChanges.name, name), eq(aliasChanges.alias, alias), lte(aliasChanges.at, at)))
        .orderBy(desc(aliasChanges.at), desc(aliasChanges.seq))
        .limit(1);
      return row?.version ?? null;
    },

    listDeployments: (endpoint) => listDeployments(database, endpoint),
  };
}

/** The stable traffic follows the champion, and a challenger that won is none any more. */
async function crown(tx: Queryable, change: AliasChange & { version: number }): Promise<void> {
  const { name, version, at } = change;
  await moveStable(tx, name, version, at);
  const challenger = (await currentAliases(tx, name)).find(({ alias }) => alias === 'challenger');
  if (challenger?.version === version) await appendAlias(tx, { ...change, alias: 'challenger', version: null });
}

/** Until the transaction ends: versions are numbered and aliases moved by one process at a time. */
export async function lockModel(tx: Queryable, name: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`model:${name}`}, 0))`);
}
