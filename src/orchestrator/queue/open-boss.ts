import { AsyncLocalStorage } from 'node:async_hooks';
import { sql } from 'drizzle-orm';
import { fromDrizzle, PgBoss } from 'pg-boss';
import type { Logger } from '../../contracts/logger.ts';
import { reasonOf } from '../../errors/index.ts';
import type { OpenStore } from '../../store/open-store.ts';
import type { Repositories } from '../../store/repositories.ts';
import { queueSchema } from './queue-state.ts';

/** Of the call in progress. PGlite has one connection at a time: what pg-boss asks beside it, such as for a queue, would wait for its end. */
const transaction = new AsyncLocalStorage<ReturnType<typeof fromDrizzle>>();

/** The transaction of an audited change: the queue's row is part of it. */
export type Within = Pick<Repositories, 'context'>;

export function inside<T>(within: Within | undefined, work: () => Promise<T>): Promise<T> {
  return within ? transaction.run(fromDrizzle(within.context.database, sql), work) : work();
}

/**
 * pg-boss on the store's own connection.
 * @param works takes jobs and keeps schedules; else it only adds and reads jobs
 */
export async function openBoss(
  store: OpenStore,
  { works, logger }: { works: boolean; logger: Logger },
): Promise<PgBoss> {
  const boss = new PgBoss({
    db: {
      executeSql: (text, values) => transaction.getStore()?.executeSql(text, values) ?? execute(store, text, values),
    },
    schema: queueSchema,
    // by `supervise`
    supervise: false,
    schedule: works,
    monitorIntervalSeconds: 5,
    instanceHeartbeatSeconds: 10,
  });
  boss.on('error', (error) => logger.warn('queue error', { error: reasonOf(error) }));
  return await orStopped(boss, () => boss.start());
}

/** Does a step of opening; if it fails, the timers that were started already are stopped: they would keep the process alive for ever. */
export async function orStopped<T>(boss: PgBoss, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    await boss.stop({ graceful: false }).catch(() => {});
    throw error;
  }
}

/** Several statements in one text return the rows of all of them. */
async function execute(store: OpenStore, text: string, values?: unknown[]): Promise<{ rows: unknown[] }> {
  const result: { rows: unknown[] } | { rows: unknown[] }[] = await store.connection.pool.query(text, values);
  return Array.isArray(result) ? { rows: result.flatMap(({ rows }) => rows) } : result;
}
