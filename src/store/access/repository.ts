import { and, desc, eq, gt, inArray, isNull, like, lte, or, sql } from 'drizzle-orm';
import { eqIf, ltIf } from '../database/conditions.ts';
import type { RepositoryContext } from '../database/context.ts';
import { apiKeys, auditLog, preferences, sessions, users } from '../database/schema.ts';
import type { AccessStore, SessionOf } from './contract.ts';
import { keyRepository, toKey } from './keys.ts';
import { projectRepository } from './projects.ts';
import { rolesOf, toUser, userRepository } from './users.ts';

type SessionMethods = Pick<
  AccessStore,
  'createSession' | 'findSession' | 'endSession' | 'endSessions' | 'endLocalSessions' | 'listSessions' | 'touchSessions'
>;

interface Holders {
  user: typeof users.$inferSelect | null;
  key: typeof apiKeys.$inferSelect | null;
}

/** Of a session's hash: its id, which opens nothing. */
const idLength = 16;

export function accessRepository(context: RepositoryContext): AccessStore {
  return {
    ...projectRepository(context),
    ...keyRepository(context),
    ...userRepository(context),
    ...sessionRepository(context),
    ...preferenceRepository(context),
    ...auditRepository(context),
  };
}

function preferenceRepository({
  database,
  now,
}: RepositoryContext): Pick<AccessStore, 'findPreferences' | 'setPreferences'> {
  return {
    async findPreferences(caller) {
      const [row] = await database.select().from(preferences).where(eq(preferences.caller, caller));
      return row?.value ?? null;
    },

    async setPreferences(caller, value) {
      const set = { value, updatedAt: now() };
      await database
        .insert(preferences)
        .values({ caller, ...set })
        .onConflictDoUpdate({ target: preferences.caller, set });
    },
  };
}

function auditRepository({ database }: RepositoryContext): Pick<AccessStore, 'listAudit'> {
  return {
    async listAudit({ project, who, action, before, limit }) {
      return database
        .select()
        .from(auditLog)
        .where(
          and(
            eqIf(auditLog.project, project),
            eqIf(auditLog.who, who),
            action === undefined ? undefined : or(eq(auditLog.action, action), like(auditLog.action, `${action}.%`)),
            ltIf(auditLog.seq, before),
          ),
        )
        .orderBy(desc(auditLog.seq))
        .limit(limit ?? 100);
    },
  };
}

function sessionRepository({ database, now }: RepositoryContext): SessionMethods {
  const holderOf = async (row: Holders): Promise<SessionOf> => {
    if (row.user) return { kind: 'user', user: toUser(row.user, await rolesOf(database, row.user.name)) };
    return row.key ? { kind: 'key', key: toKey(row.key) } : { kind: 'local' };
  };
  return {
    async createSession(session) {
      const at = now();
      await database.delete(sessions).where(lte(sessions.expiresAt, at));
      await database.insert(sessions).values({ ...session, createdAt: at });
    },

    async findSession(hash, at) {
      const [row] = await database
        .select({ user: users, key: apiKeys, expiresAt: sessions.expiresAt })
        .from(sessions)
        .leftJoin(users, eq(users.name, sessions.user))
        .leftJoin(apiKeys, eq(apiKeys.id, sessions.keyId))
        .where(and(eq(sessions.hash, hash), isNull(users.disabledAt), isNull(apiKeys.revokedAt)));
      if (row === undefined) return null;
      if (row.expiresAt <= at) {
        await database.delete(sessions).where(eq(sessions.hash, hash));
        return null;
      }
      return { of: await holderOf(row), expiresAt: row.expiresAt };
    },

    async endSession(hash) {
      await database.delete(sessions).where(eq(sessions.hash, hash));
    },

    async endSessions(user, id) {
      const isMeant = id === undefined ? undefined : eq(sql`left(${sessions.hash}, ${idLength})`, id);
      const where = and(eq(sessions.user, user), isMeant);
      return (await database.delete(sessions).where(where).returning({ user: sessions.user })).length;
    },

    async endLocalSessions() {
      await database.delete(sessions).where(and(isNull(sessions.user), isNull(sessions.keyId)));
    },

    async listSessions(user, at) {
      const rows = await database
        .select()
        .from(sessions)
        .where(and(eq(sessions.user, user), gt(sessions.expiresAt, at)))
        .orderBy(desc(sessions.createdAt), sessions.hash);
      return rows.map(({ hash, user: _, keyId: _key, ...row }) => ({ id: hash.slice(0, idLength), ...row }));
    },

    async touchSessions(hashes, at) {
      await database.update(sessions).set({ lastUsedAt: at }).where(inArray(sessions.hash, hashes));
    },
  };
}
