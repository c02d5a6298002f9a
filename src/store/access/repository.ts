import { and, desc, eq, isNull, lte } from 'drizzle-orm';
import { eqIf, ltIf } from '../database/conditions.ts';
import type { RepositoryContext } from '../database/context.ts';
import { auditLog, sessions, users } from '../database/schema.ts';
import type { AccessStore } from './contract.ts';
import { keyRepository } from './keys.ts';
import { projectRepository } from './projects.ts';
import { rolesOf, toUser, userRepository } from './users.ts';

type SessionMethods = Pick<AccessStore, 'createSession' | 'findSession' | 'endSession'>;

export function accessRepository(context: RepositoryContext): AccessStore {
  return {
    ...projectRepository(context),
    ...keyRepository(context),
    ...userRepository(context),
    ...sessionRepository(context),
    ...auditRepository(context),
  };
}

function auditRepository({ database }: RepositoryContext): Pick<AccessStore, 'listAudit'> {
  return {
    async listAudit({ project, before, limit }) {
      return database
        .select()
        .from(auditLog)
        .where(and(eqIf(auditLog.project, project), ltIf(auditLog.seq, before)))
        .orderBy(desc(auditLog.seq))
        .limit(limit ?? 100);
    },
  };
}

function sessionRepository({ database, now }: RepositoryContext): SessionMethods {
  return {
    async createSession(session) {
      const at = now();
      await database.delete(sessions).where(lte(sessions.expiresAt, at));
      await database.insert(sessions).values({ ...session, createdAt: at });
    },

    async findSession(hash, at) {
      const [row] = await database
        .select({ user: users, expiresAt: sessions.expiresAt })
        .from(sessions)
        .innerJoin(users, eq(users.name, sessions.user))
        .where(and(eq(sessions.hash, hash), isNull(users.disabledAt)));
      if (row === undefined) return null;
      if (row.expiresAt <= at) {
        await database.delete(sessions).where(eq(sessions.hash, hash));
        return null;
      }
      return { user: toUser(row.user, await rolesOf(database, row.user.name)), expiresAt: row.expiresAt };
    },

    async endSession(hash) {
      await database.delete(sessions).where(eq(sessions.hash, hash));
    },
  };
}
