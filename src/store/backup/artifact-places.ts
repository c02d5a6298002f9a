import type pg from 'pg';

/** The place of an artifact that is not in the workspace, if there is one. */
export async function artifactOutside(client: Pick<pg.PoolClient, 'query'>): Promise<string | undefined> {
  const { rows } = await client.query<{ uri: string }>('select distinct uri from artifacts');
  return rows.find(({ uri }) => !isPlace(uri))?.uri;
}

/** Places are relative, and below artifacts/. */
export function isPlace(uri: string): boolean {
  const parts = uri.split('/');
  return (
    parts.length > 1 && parts[0] === 'artifacts' && !/[\\\0]/.test(uri) && parts.every((part) => !/^\.*$/.test(part))
  );
}
