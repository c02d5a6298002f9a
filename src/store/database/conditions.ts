import { type Column, eq, type GetColumnData, gt, lt, type SQL } from 'drizzle-orm';

type Optional<C extends Column> = GetColumnData<C, 'raw'> | undefined;

/** Conditions of an optional filter: none while its value is undefined. */
export const eqIf = <C extends Column>(column: C, value: Optional<C>): SQL | undefined =>
  value === undefined ? undefined : eq(column, value);
export const ltIf = <C extends Column>(column: C, value: Optional<C>): SQL | undefined =>
  value === undefined ? undefined : lt(column, value);
export const gtIf = <C extends Column>(column: C, value: Optional<C>): SQL | undefined =>
  value === undefined ? undefined : gt(column, value);
