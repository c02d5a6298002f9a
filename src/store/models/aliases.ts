import { and, desc, eq } from 'drizzle-orm';
import type { AliasChange } from '../../contracts/model.ts';
import { eqIf } from '../database/conditions.ts';
import type { Queryable } from '../database/connect.ts';
import { aliasChanges } from '../database/schema.ts';

/** Appends to the timeline, unless the alias already points there. */
export async function appendAlias(tx: Queryable, project: string, change: AliasChange): Promise<void> {
  const now = (await currentAliases(tx, project, change.name)).find(({ alias }) => alias === change.alias);
  if (now?.version === change.version) return;
  await tx.insert(aliasChanges).values({ ...change, project });
}

/** A challenger that became champion is no longer challenger. */
export async function pointChampion(
  tx: Queryable,
  project: string,
  change: Omit<AliasChange, 'alias'> & { version: number },
): Promise<void> {
  await appendAlias(tx, project, { ...change, alias: 'champion' });
  const challenger = (await currentAliases(tx, project, change.name)).find(({ alias }) => alias === 'challenger');
  if (challenger?.version === change.version)
    await appendAlias(tx, project, { ...change, alias: 'challenger', version: null });
}

/** Current target of every alias of one model, or of all models of the project. */
export async function currentAliases(
  database: Queryable,
  project: string,
  name?: string,
): Promise<{ name: string; alias: string; version: number }[]> {
  const newest = database
    .selectDistinctOn([aliasChanges.name, aliasChanges.alias], {
      name: aliasChanges.name,
      alias: aliasChanges.alias,
      version: aliasChanges.version,
    })
    .from(aliasChanges)
    .where(and(eq(aliasChanges.project, project), eqIf(aliasChanges.name, name)))
    .orderBy(aliasChanges.name, aliasChanges.alias, desc(aliasChanges.seq));
  const rows = await newest;
  return rows.flatMap(({ version, ...alias }) => (version === null ? [] : [{ ...alias, version }]));
}
