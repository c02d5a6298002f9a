import { dayMs } from '../../codecs/duration.ts';
import type { Config } from '../../config/index.ts';
import { type ExpiredMonth, expireImages, expireMonths } from '../../serving/log/expire.ts';
import type { HistoryBounds, HistoryTable } from '../../store/history/contract.ts';
import { localImages } from '../../store/images/image-store.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { sweepUploads } from '../uploads/uploads.ts';
import { withStore } from '../with-store.ts';

/** Whole months before this one, and days; 0 = no limit. */
export type Retention = Pick<Config, 'logMonths' | 'historyDays' | 'auditDays'>;

export interface ExpiredLog {
  months: ExpiredMonth[];
  /** Photos deleted. */
  images: number;
  /** That nobody finished. */
  uploads: number;
  /** Rows deleted, by table. */
  history: Record<HistoryTable, number>;
}

/**
 * Moves old months of all projects to Parquet files, with their feedback, and deletes photos after their endpoint's retention, old monitor
 * results, firings and deliveries, and old audit rows.
 */
export async function expireLog(config: Config, retention: Retention): Promise<ExpiredLog> {
  return await withStore(config, { attach: 'server' }, (store) => expire(store, retention));
}

/** The same in an open store; also creates the next months' partitions. */
export async function expire(
  store: Pick<OpenStore, 'requests' | 'access' | 'forProject' | 'workspace' | 'history'>,
  { logMonths, historyDays, auditDays }: Retention,
  now: Date = new Date(),
): Promise<ExpiredLog> {
  await store.requests.makePartitions(now);
  const images = await expireImages(store, localImages(store.workspace.images), now);
  const before = logMonths === 0 ? null : new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - logMonths));
  const months = before === null ? [] : await expireMonths(store, before);
  const daysBefore = (days: number) => (days === 0 ? null : new Date(now.getTime() - days * dayMs));
  const bounds = { events: daysBefore(historyDays), audit: daysBefore(auditDays), feedback: before };
  let uploads = 0;
  for (const { name } of await store.access.listProjects()) uploads += await sweepUploads(store.forProject(name), now);
  return { images, uploads, months, history: await expireHistory(store, bounds) };
}

/** In batches, until nothing is left to delete. */
async function expireHistory(
  { history }: Pick<OpenStore, 'history'>,
  bounds: HistoryBounds,
): Promise<ExpiredLog['history']> {
  const total = await history.expire(bounds);
  for (let batch = total; Object.values(batch).some((rows) => rows > 0); ) {
    batch = await history.expire(bounds);
    for (const [table, rows] of Object.entries(batch)) total[table as HistoryTable] += rows;
  }
  return total;
}
