import { type SQL, sql } from 'drizzle-orm';

/**
 * P(positive) of a question, else the label's probability, 0..1. Also of rows of version 0.1, which have P(positive) in `probability`.
 * @param table alias of fact_requests
 */
export function score(table: string): SQL {
  return sql.raw(`coalesce(${table}.positive_probability, ${table}.probability)`);
}
