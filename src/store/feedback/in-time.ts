import { type SQL, sql } from 'drizzle-orm';

/** [from, to). */
export function inTime(column: SQL, from: Date | undefined, to: Date | undefined): SQL {
  const since = from === undefined ? sql`true` : sql`${column} >= ${from.toISOString()}::timestamptz`;
  const before = to === undefined ? sql`true` : sql`${column} < ${to.toISOString()}::timestamptz`;
  return sql`${since} and ${before}`;
}
