import type pg from 'pg';
import { nameSchema } from '../../contracts/access.ts';

/** The place of an artifact that is not in the workspace, if there is one. */
export async function artifactOutside(client: Pick<pg.PoolClient, 'query'>): Promise<string | undefined> {
  const { rows } = await client.query<{ uri: string }>('select distinct uri from artifacts');
  return rows.find(({ uri }) => !isPlace(uri))?.uri;
}

/** A project whose name is none, if there is one: projects have folders of their names. */
export async function projectUnnamed(client: Pick<pg.PoolClient, 'query'>): Promise<string | undefined> {
  const { rows } = await client.query<{ name: string }>('select name from projects');
  return rows.find(({ name }) => !nameSchema.safeParse(name).success)?.name;
}

/** Places are relative, and below artifacts/. */
export function isPlace(uri: string): boolean {
  const parts = uri.split('/');
  return (
    parts.length > 1 && parts[0] === 'artifacts' && !/[\\\0]/.test(uri) && parts.every((part) => !/^\.*$/.test(part))
  );
}
