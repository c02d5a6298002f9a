import { and, asc, eq, inArray, notLike, type SQL, sql } from 'drizzle-orm';
import { MitateError } from '../../errors/index.ts';
import type { RepositoryContext } from '../database/context.ts';
import { secrets } from '../database/schema.ts';
import type { SecretStore } from './contract.ts';
import { seal, unseal } from './seal.ts';

type Row = Pick<typeof secrets.$inferSelect, 'project' | 'name' | 'sealed'>;

/** Secret of a user's second factor, in the project `default`. Such a name is neither listed nor removed as a project's. */
export const totpName = (user: string) => `totp:${user}`;
const ofProject = notLike(secrets.name, totpName('%'));

export function secretRepository({ database, project, now, keyRing }: RepositoryContext): SecretStore {
  const mine = eq(secrets.project, project);
  const sealedRows = async (where?: SQL): Promise<Row[]> =>
    await database
      .select({ project: secrets.project, name: secrets.name, sealed: secrets.sealed })
      .from(secrets)
      .where(where);

  /** One changes the keys at a time, and nobody seals with one that is being forgotten. */
  const lock = () => database.execute(sql`lock table ${secrets} in share row exclusive mode`);

  /** Undefined = it does not open. */
  async function tried(rows: readonly Row[]): Promise<(Row & { value: string | undefined })[]> {
    const keys = rows.length > 0 ? await keyRing.keys() : [];
    const open = (row: Row) => keys.map((key) => unseal(key, row, row.sealed)).find((each) => each !== null);
    return rows.map((row) => ({ ...row, value: open(row) ?? undefined }));
  }

  async function opened(rows: readonly Row[]): Promise<(Row & { value: string })[]> {
    return (await tried(rows)).map(({ value, ...row }) => {
      if (value === undefined) throw new MitateError('SECRET_KEY_WRONG', { name: row.name, project: row.project });
      return { ...row, value };
    });
  }

  async function keyThatOpens(row: Row): Promise<Uint8Array> {
    const key = (await keyRing.keys()).find((each) => unseal(each, row, row.sealed) !== null);
    if (key === undefined) throw new MitateError('SECRET_KEY_WRONG', { name: row.name, project: row.project });
    return key;
  }

  return {
    async list() {
      const { name, setAt, who } = secrets;
      return await database.select({ name, setAt, who }).from(secrets).where(and(mine, ofProject)).orderBy(asc(name));
    },

    async values(names) {
      if (names.length === 0) return {};
      const rows = await opened(await sealedRows(and(mine, inArray(secrets.name, [...names]))));
      return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
    },

    async inProjects(name) {
      const rows = await opened(await sealedRows(eq(secrets.name, name)));
      return Object.fromEntries(rows.map((row) => [row.project, row.value]));
    },

    async count() {
      const rows = await tried(await sealedRows());
      return { all: rows.length, closed: rows.filter(({ value }) => value === undefined).length };
    },

    async set(name, value, who) {
      await lock();
      const rows = await sealedRows();
      const isIt = (row: Row) => row.project === project && row.name === name;
      // with the key of the others: a mistyped one would seal what the server cannot open
      const other = rows.find((row) => !isIt(row));
      const key = other === undefined ? await keyRing.sealing() : await keyThatOpens(other);
      const sealed = seal(key, { project, name }, value);
      const row = { sealed, setAt: now(), who };
      await database
        .insert(secrets)
        .values({ ...row, project, name })
        .onConflictDoUpdate({ target: [secrets.project, secrets.name], set: row });
      return rows.some(isIt);
    },

    async remove(name) {
      const gone = await database
        .delete(secrets)
        .where(and(mine, ofProject, eq(secrets.name, name)))
        .returning({ name: secrets.name });
      if (gone.length === 0) throw new MitateError('SECRET_UNKNOWN', { name, project });
    },

    async rekey() {
      await lock();
      const rows = await opened(await sealedRows());
      const key = await keyRing.renewed();
      for (const row of rows)
        await database
          .update(secrets)
          .set({ sealed: seal(key, row, row.value) })
          .where(and(eq(secrets.project, row.project), eq(secrets.name, row.name)));
      return rows.length;
    },

    async forgetOldKeys() {
      await database.transaction(async (tx) => {
        await tx.execute(sql`lock table ${secrets} in share row exclusive mode`);
        const rows: Row[] = await tx.select().from(secrets);
        await keyRing.keep((key) => rows.some((row) => unseal(key, row, row.sealed) !== null));
      });
    },
  };
}
