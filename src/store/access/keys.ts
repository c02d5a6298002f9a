import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import type { ApiKey } from '../../contracts/access.ts';
import { eqIf } from '../database/conditions.ts';
import type { RepositoryContext } from '../database/context.ts';
import { onlyRow } from '../database/only-row.ts';
import { apiKeys } from '../database/schema.ts';
import type { AccessStore } from './contract.ts';
import { requireProject } from './projects.ts';

type KeyMethods = Pick<
  AccessStore,
  'createKey' | 'endKey' | 'listKeys' | 'listLiveKeys' | 'findKey' | 'revokeKey' | 'touchKeys'
>;

export function toKey({ hash: _, ...key }: typeof apiKeys.$inferSelect): ApiKey {
  return key;
}

export function keyRepository({ database, now }: RepositoryContext): KeyMethods {
  return {
    async createKey(key) {
      await requireProject(database, key.project);
      const made = await database
        .insert(apiKeys)
        .values({ ...key, createdAt: now() })
        .returning();
      return toKey(onlyRow(made));
    },

    async endKey(id, project, at) {
      const [row] = await database
        .update(apiKeys)
        .set({ expiresAt: sql`least(${apiKeys.expiresAt}, ${at.toISOString()}::timestamptz)` })
        .where(and(eq(apiKeys.id, id), eq(apiKeys.project, project), isNull(apiKeys.revokedAt)))
        .returning();
      return row ? toKey(row) : null;
    },

    async listKeys(project) {
      const rows = await database
        .select()
        .from(apiKeys)
        .where(eqIf(apiKeys.project, project))
        .orderBy(desc(apiKeys.createdAt), apiKeys.id);
      return rows.map(toKey);
    },

    async listLiveKeys() {
      return await database.select().from(apiKeys).where(isNull(apiKeys.revokedAt));
    },

    async findKey(id) {
      const [row] = await database.select().from(apiKeys).where(eq(apiKeys.id, id));
      return row ?? null;
    },

    async revokeKey(id, project) {
      const [row] = await database
        .update(apiKeys)
        // revoking again keeps the first time
        .set({ revokedAt: sql`coalesce(${apiKeys.revokedAt}, ${now().toISOString()}::timestamptz)` })
        .where(and(eq(apiKeys.id, id), eq(apiKeys.project, project)))
        .returning();
      return row ? toKey(row) : null;
    },

    async touchKeys(used) {
      if (used.length === 0) return;
      const rows = JSON.stringify(used);
      await database.execute(sql`
        update api_keys set last_used_at = greatest(last_used_at, used.at)
        from jsonb_to_recordset(${rows}::jsonb) as used(id text, at timestamptz) where api_keys.id = used.id`);
    },
  };
}
