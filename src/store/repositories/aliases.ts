import { desc, eq } from 'drizzle-orm';
import type { Queryable } from '../database/connect.ts';
import { aliasChanges } from '../database/schema.ts';
import type { AliasChange } from '../store.ts';

/** Adds to the timeline; an alias that already points there adds nothing. */
export async function appendAlias(tx: Queryable, change: AliasChange): Promise<void> {
  const now = (await currentAliases(tx, change.name)).find(({ alias }) => alias === change.alias);
  if (now?.version === change.version) return;
  await tx.insert(aliasChanges).values(change);
}

/** Where every alias of one model, or of all, points now. */
export async function currentAliases(
  database: Queryable,
  name?: string,
): Promise<{ name: string; alias: string; version: number }[]> {
  const newest = database
    .selectDistinctOn([aliasChanges.name, aliasChanges.alias], {
      name: aliasChanges.name,
      alias: aliasChanges.alias,
      version: aliasChanges.version,
    })
    .from(aliasChanges)
    .where(name === undefined ? undefined : eq(aliasChanges.name, name))
    .orderBy(aliasChanges.name, aliasChanges.alias, desc(aliasChanges.seq));
  const rows = await newest;
  return rows.flatMap(({ version, ...alias }) => (version === null ? [] : [{ ...alias, version }]));
}
