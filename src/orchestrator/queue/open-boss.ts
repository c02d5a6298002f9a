import { PgBoss } from 'pg-boss';
import type { Logger } from '../../contracts/logger.ts';
import type { OpenStore } from '../../store/open-store.ts';

/** Its tables, beside those of the store: a backup leaves them out, since work under way belongs to no backup. */
const schema = 'mitate_queue';

/**
 * pg-boss on the store's own connection.
 * @param works takes jobs, keeps schedules and finds dead workers; else it only adds jobs and looks at them
 */
export async function openBoss(
  store: OpenStore,
  { works, logger }: { works: boolean; logger: Logger },
): Promise<PgBoss> {
  const boss = new PgBoss({
    db: { executeSql: (text, values) => execute(store, text, values) },
    schema,
    supervise: works,
    schedule: works,
    // a worker that died is found after 20 s of silence, at the next look
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
  });
  boss.on('error', (error) => logger.warn('the queue had an error', { error: String(error) }));
  return await boss.start();
}

/** Several statements in one text answer the rows of all of them. */
async function execute(store: OpenStore, text: string, values?: unknown[]): Promise<{ rows: unknown[] }> {
  const result: { rows: unknown[] } | { rows: unknown[] }[] = await store.connection.pool.query(text, values);
  return Array.isArray(result) ? { rows: result.flatMap(({ rows }) => rows) } : result;
}
