import type { OpenStore } from '../../store/open-store.ts';

/** Tables of pg-boss, separate from those of the store: backups skip them, since jobs in progress cannot be restored. */
export const queueSchema = 'mitate_queue';

/** A part of a tick that failed. */
export interface FailedPart {
  /** Null = all of them. */
  project: string | null;
  part: string;
  code: string;
}

export interface QueueState {
  /** Runs that wait for a worker. */
  queued: number;
  /** Workers with a heartbeat in the last 30 s. */
  workers: number;
  /** When a worker last completed a tick. */
  lastTickAt: Date | null;
  /** How long that took; null = never. */
  lastTickSeconds: number | null;
  failedParts: readonly FailedPart[];
}

/** Read without opening the queue, which creates its tables. */
export async function queueState({ connection: { pool } }: Pick<OpenStore, 'connection'>): Promise<QueueState> {
  const none: QueueState = { queued: 0, workers: 0, lastTickAt: null, lastTickSeconds: null, failedParts: [] };
  const { rows } = await pool.query(`select to_regclass('${queueSchema}.instance') is not null as exists`);
  if (!rows[0]?.exists) return none;
  const read = await pool.query<Omit<QueueState, 'failedParts'> & { output: { failed?: FailedPart[] } | null }>(
    `select (select count(*)::int from ${queueSchema}.job where (name = 'runs' or name like 'runs.%') and state in ('created', 'retry')) as queued,
       (select count(*)::int from ${queueSchema}.instance
         where jsonb_array_length(workers) > 0 and stopped_on is null
           and heartbeat_on >= ${queueSchema}.job_now() - heartbeat_seconds * interval '3 seconds') as workers,
       tick.completed_on as "lastTickAt", tick.seconds as "lastTickSeconds", tick.output
     from (select 1) as one left join lateral (
       select completed_on, extract(epoch from completed_on - started_on)::float8 as seconds, output from ${queueSchema}.job where name = 'tick' and state = 'completed'
       order by completed_on desc limit 1) as tick on true`,
  );
  const [row] = read.rows;
  if (row === undefined) return none;
  const { output, ...state } = row;
  return { ...state, failedParts: output?.failed ?? [] };
}
