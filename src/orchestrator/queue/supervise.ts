import type { PgBoss } from 'pg-boss';
import { queueSchema } from './queue-state.ts';

/** A dead worker is detected after 20 s without a heartbeat, at the next look. */
const lookMs = 5_000;
/** More is a clock that was set, or a machine that slept. */
const steppedMs = 5_000;
/** In which every worker that lives renews the heartbeats of its jobs. */
const renewedMs = 15_000;

type Query = (text: string) => Promise<{ rows: { at?: string }[] }>;

/**
 * Detects dead workers, by the clock of the database. Set forward, it would make all of them look dead, and their runs be started a second time: they
 * get time to renew their heartbeats. Set back, it would make jobs and looks wait until it has caught up: what lies ahead is brought to now.
 */
export function supervise(boss: PgBoss, query: Query, report: (error: unknown) => void): Disposable {
  let before: { databaseMs: number; atMs: number } | null = null;
  let notBeforeMs = 0;
  const look = async () => {
    const { rows } = await query(`select (extract(epoch from ${queueSchema}.job_now()) * 1000)::text as at`);
    const atMs = performance.now();
    const databaseMs = Number(rows[0]?.at);
    const stepMs = before === null ? 0 : databaseMs - before.databaseMs - (atMs - before.atMs);
    if (stepMs > steppedMs) notBeforeMs = atMs + renewedMs;
    if (before === null || stepMs < -steppedMs) await query(bringToNow);
    before = { databaseMs, atMs };
    return atMs >= notBeforeMs;
  };
  let isLooking = false;
  const next = async (judges: boolean) => {
    if (isLooking) return;
    isLooking = true;
    try {
      if ((await look()) && judges) await boss.supervise();
    } catch (error) {
      report(error);
    }
    isLooking = false;
  };
  void next(false);
  const timer = setInterval(() => void next(true), lookMs);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** Retries wait a second: no job of ours is meant to start later than in a minute. */
const ahead = (column: string) => `${column} > ${queueSchema}.job_now() + interval '1 minute'`;
const now = (column: string) => `${column} = least(${column}, ${queueSchema}.job_now())`;

const bringToNow = `
  update ${queueSchema}.job set ${now('start_after')} where state in ('created', 'retry') and ${ahead('start_after')};
  update ${queueSchema}.job set ${now('heartbeat_on')}, ${now('started_on')} where state = 'active' and ${ahead('heartbeat_on')};
  update ${queueSchema}.queue set ${['monitor_claim_on', 'monitor_on', 'maintain_on'].map(now).join(', ')}
    where ${['monitor_claim_on', 'monitor_on', 'maintain_on'].map(ahead).join(' or ')};
  update ${queueSchema}.version set ${['cron_on', 'bam_on', 'flow_on'].map(now).join(', ')}
    where ${['cron_on', 'bam_on', 'flow_on'].map(ahead).join(' or ')}`;
