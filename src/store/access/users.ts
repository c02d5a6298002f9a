import { and, asc, eq, inArray, isNull, lt, or } from 'drizzle-orm';
import { recordFrom } from '../../codecs/record-from.ts';
import { defaultProject, type Role, type User } from '../../contracts/access.ts';
import { isMitateError, MitateError } from '../../errors/index.ts';
import type { Database, Queryable, Transaction } from '../database/connect.ts';
import type { RepositoryContext } from '../database/context.ts';
import { secrets, sessions, userRoles, users } from '../database/schema.ts';
import { secretRepository, totpName } from '../secrets/repository.ts';
import type { AccessStore } from './contract.ts';
import { requireProject } from './projects.ts';

type UserMethods = Pick<
  AccessStore,
  | 'createUser'
  | 'findUser'
  | 'findTotp'
  | 'totpSecret'
  | 'findUserOf'
  | 'setTotp'
  | 'useTotpStep'
  | 'listUsers'
  | 'replaceRoles'
  | 'setRole'
  | 'setPassword'
  | 'disableUser'
>;

/** In place of a secret that is in the table of secrets; one from before there was a place for it is plain until it is used. */
const isSealed = 'sealed';

export function userRepository(context: RepositoryContext): UserMethods {
  const { database, now } = context;
  const secretsIn = (on: Database) => secretRepository({ ...context, database: on, project: defaultProject });
  /** Not without the key of the other secrets: the user signs in nevertheless. */
  const sealPlain = async (tx: Transaction, user: string, secret: string) => {
    try {
      await secretsIn(tx).set(totpName(user), secret, user);
      await tx.update(users).set({ totpSecret: isSealed }).where(eq(users.name, user));
    } catch (error) {
      if (!isMitateError(error, 'SECRET_KEY_WRONG')) throw error;
    }
  };
  return {
    async createUser(user) {
      const { name } = user;
      const [made] = await database
        .insert(users)
        .values({ ...user, createdAt: now() })
        .onConflictDoNothing()
        .returning();
      if (made === undefined) throw new MitateError('USER_EXISTS', { name });
      return toUser(made, {});
    },

    async findUser(name) {
      const [row] = await database.select().from(users).where(eq(users.name, name));
      if (row === undefined) return null;
      return { ...toUser(row, await rolesOf(database, name)), passwordHash: row.passwordHash };
    },

    async findUserOf({ issuer, subject }) {
      const [row] = await database
        .select()
        .from(users)
        .where(and(eq(users.issuer, issuer), eq(users.subject, subject)));
      return row ? toUser(row, await rolesOf(database, row.name)) : null;
    },

    async replaceRoles(user, roles) {
      return database.transaction(async (tx) => {
        const { roles: before } = await requireUser(tx, user);
        await tx.delete(userRoles).where(eq(userRoles.user, user));
        const rows = Object.entries(roles).map(([project, role]) => ({ user, project, role }));
        if (rows.length > 0) await tx.insert(userRoles).values(rows);
        const hasLost = Object.entries(before).some(([project, role]) => roles[project] !== role);
        if (hasLost) await tx.delete(sessions).where(eq(sessions.user, user));
        return requireUser(tx, user);
      });
    },

    async listUsers(project) {
      const inProject = database
        .select({ name: userRoles.user })
        .from(userRoles)
        .where(eq(userRoles.project, project ?? ''));
      const rows = await database
        .select({ user: users, project: userRoles.project, role: userRoles.role })
        .from(users)
        .leftJoin(userRoles, eq(userRoles.user, users.name))
        .where(project === undefined ? undefined : inArray(users.name, inProject))
        .orderBy(asc(users.name));
      return gather(rows);
    },

    async setRole(user, project, role) {
      return database.transaction(async (tx) => {
        await requireUser(tx, user);
        await requireProject(tx, project);
        if (role === null)
          await tx.delete(userRoles).where(and(eq(userRoles.user, user), eq(userRoles.project, project)));
        else
          await tx
            .insert(userRoles)
            .values({ user, project, role })
            .onConflictDoUpdate({ target: [userRoles.user, userRoles.project], set: { role } });
        return requireUser(tx, user);
      });
    },

    async setPassword(user, passwordHash) {
      await database.transaction(async (tx) => {
        await requireUser(tx, user);
        await tx.update(users).set({ passwordHash }).where(eq(users.name, user));
        await tx.delete(sessions).where(eq(sessions.user, user));
      });
    },

    async findTotp(user) {
      const [row] = await database.select().from(users).where(eq(users.name, user));
      return row?.totpSecret ? { since: row.totpSince } : null;
    },

    async totpSecret(user) {
      const [row] = await database.select().from(users).where(eq(users.name, user));
      if (row?.totpSecret !== isSealed) return row?.totpSecret ?? null;
      const name = totpName(user);
      const found = await secretsIn(database)
        .values([name])
        .catch((error) => {
          throw isMitateError(error, 'SECRET_KEY_WRONG') ? new MitateError('TOTP_KEY_WRONG', { name: user }) : error;
        });
      return found[name] ?? null;
    },

    async setTotp(user, { secret, since }) {
      await database.transaction(async (tx) => {
        await requireUser(tx, user);
        const name = totpName(user);
        if (secret !== null) await secretsIn(tx).set(name, secret, user);
        else await tx.delete(secrets).where(and(eq(secrets.project, defaultProject), eq(secrets.name, name)));
        await tx
          .update(users)
          .set({ totpSecret: secret && isSealed, totpSince: since, totpStep: null })
          .where(eq(users.name, user));
      });
    },

    async useTotpStep(user, step) {
      const isFresh = or(isNull(users.totpStep), lt(users.totpStep, step));
      return database.transaction(async (tx) => {
        const [used] = await tx
          .update(users)
          .set({ totpStep: step })
          .where(and(eq(users.name, user), isFresh))
          .returning({ secret: users.totpSecret });
        if (used?.secret && used.secret !== isSealed) await sealPlain(tx, user, used.secret);
        return used !== undefined;
      });
    },

    async disableUser(user, disabled) {
      return database.transaction(async (tx) => {
        await requireUser(tx, user);
        await tx
          .update(users)
          .set({ disabledAt: disabled ? now() : null })
          .where(eq(users.name, user));
        if (disabled) await tx.delete(sessions).where(eq(sessions.user, user));
        return requireUser(tx, user);
      });
    },
  };
}

export function toUser(row: typeof users.$inferSelect, roles: Record<string, Role>): User {
  const { name, createdAt, disabledAt, issuer: provider } = row;
  return { name, createdAt, disabledAt, roles, provider, secondFactor: row.totpSince !== null };
}

export async function rolesOf(database: Queryable, name: string): Promise<Record<string, Role>> {
  const rows = await database.select().from(userRoles).where(eq(userRoles.user, name));
  return recordFrom(rows.map(({ project, role }) => [project, role]));
}

async function requireUser(database: Queryable, name: string): Promise<User> {
  const [row] = await database.select().from(users).where(eq(users.name, name));
  if (row === undefined) throw new MitateError('USER_UNKNOWN', { name });
  return toUser(row, await rolesOf(database, name));
}

/** One row per role; one user per name. */
function gather(rows: { user: typeof users.$inferSelect; project: string | null; role: Role | null }[]): User[] {
  const people = new Map<string, User>();
  for (const { user, project, role } of rows) {
    const person = people.get(user.name) ?? toUser(user, recordFrom([]));
    if (project !== null && role !== null) person.roles[project] = role;
    people.set(user.name, person);
  }
  return [...people.values()];
}
