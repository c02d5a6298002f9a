import type { OpenStore } from '../../store/open-store.ts';

/** Tables of pg-boss, separate from those of the store: backups skip them, since jobs in progress cannot be restored. */
export const queueSchema = 'mitate_queue';

/** Read without opening the queue, which creates its tables: runs that wait for a worker, and when a worker last completed a tick. */
export async function queueState({
  connection: { pool },
}: Pick<OpenStore, 'connection'>): Promise<{ queued: number; lastTickAt: Date | null }> {
  const { rows } = await pool.query(`select to_regclass('${queueSchema}.job') is not null as exists`);
  if (!rows[0]?.exists) return { queued: 0, lastTickAt: null };
  const read = await pool.query<{ queued: number; tick: Date | null }>(
    `select count(*) filter (where name <> 'tick' and state in ('created', 'retry'))::int as queued,
       max(completed_on) filter (where name = 'tick' and state = 'completed') as tick
     from ${queueSchema}.job where name = 'tick' or name = 'runs' or name like 'runs.%'`,
  );
  const { queued = 0, tick = null } = read.rows[0] ?? {};
  return { queued, lastTickAt: tick };
}
