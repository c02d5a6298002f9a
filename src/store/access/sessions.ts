import { and, eq, gt, isNull, lte } from 'drizzle-orm';
import type { RepositoryContext } from '../database/context.ts';
import { sessions, users } from '../database/schema.ts';
import type { AccessStore } from './contract.ts';
import { rolesOf, toUser } from './users.ts';

type SessionMethods = Pick<AccessStore, 'createSession' | 'findSession' | 'endSession'>;

export function sessionRepository({ database, now }: RepositoryContext): SessionMethods {
  return {
    async createSession(session) {
      const at = now();
      await database.delete(sessions).where(lte(sessions.expiresAt, at));
      await database.insert(sessions).values({ ...session, createdAt: at });
    },

    async findSession(hash) {
      const [row] = await database
        .select({ user: users, expiresAt: sessions.expiresAt })
        .from(sessions)
        .innerJoin(users, eq(users.name, sessions.user))
        .where(and(eq(sessions.hash, hash), gt(sessions.expiresAt, now()), isNull(users.disabledAt)));
      if (row === undefined) return null;
      return { user: toUser(row.user, await rolesOf(database, row.user.name)), expiresAt: row.expiresAt };
    },

    async endSession(hash) {
      await database.delete(sessions).where(eq(sessions.hash, hash));
    },
  };
}
