import { type SQL, sql } from 'drizzle-orm';
import type { RepositoryContext } from '../database/context.ts';
import type { HistoryBounds, HistoryStore, HistoryTable } from './contract.ts';

/** A delete of more rows would keep predictions waiting for the embedded database. */
const batch = 5_000;

interface Old {
  bound: keyof HistoryBounds;
  /** Condition on the row `old`. */
  where: (before: SQL) => SQL;
}

const tables: Record<HistoryTable, Old> = {
  monitor_results: {
    bound: 'events',
    where: (before) => sql`at < ${before} and exists (select from monitor_results newer
      where newer.project = old.project and newer.monitor = old.monitor and newer.seq > old.seq)`,
  },
  firings: {
    bound: 'events',
    where: (before) => sql`at < ${before} and exists (select from firings newer
      where newer.project = old.project and newer.trigger = old.trigger and newer.seq > old.seq)`,
  },
  deliveries: { bound: 'events', where: (before) => sql`created_at < ${before} and state <> 'waiting'` },
  audit_log: { bound: 'audit', where: (before) => sql`at < ${before}` },
  feedback: { bound: 'feedback', where: (before) => sql`request_at < ${before}` },
};

export function historyRepository({ database }: RepositoryContext): HistoryStore {
  return {
    async expire(before) {
      const deleted: [string, number][] = [];
      for (const [table, { bound, where }] of Object.entries(tables)) {
        const moment = before[bound];
        if (moment === null) continue;
        const name = sql.identifier(table);
        const isOld = where(sql`${moment.toISOString()}::timestamptz`);
        const { rowCount } = await database.execute(
          sql`delete from ${name} where ctid in (select ctid from ${name} old where ${isOld} limit ${batch})`,
        );
        deleted.push([table, rowCount ?? 0]);
      }
      return { ...none, ...Object.fromEntries(deleted) };
    },
  };
}

const none: Record<HistoryTable, number> = { monitor_results: 0, firings: 0, deliveries: 0, audit_log: 0, feedback: 0 };
