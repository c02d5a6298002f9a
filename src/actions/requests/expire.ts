import type { Config } from '../../config/index.ts';
import { type ExpiredMonth, expireImages, expireMonths } from '../../serving/log/expire.ts';
import { localImages } from '../../store/images/image-store.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { withStore } from '../with-store.ts';

export interface ExpiredLog {
  months: ExpiredMonth[];
  /** Photos deleted. */
  images: number;
}

/** Old months of all projects go into Parquet files, photos go after their endpoint's days. @param keepMonths whole months before this one; 0 = no limit */
export async function expireLog(config: Config, { keepMonths }: { keepMonths: number }): Promise<ExpiredLog> {
  return await withStore(config, { attach: 'server' }, (store) => expire(store, keepMonths));
}

/** The same, in an open store; makes the coming months' partitions too. */
export async function expire(store: OpenStore, keepMonths: number, now: Date = new Date()): Promise<ExpiredLog> {
  await store.requests.makePartitions(now);
  const images = await expireImages(store, localImages(store.workspace.images), now);
  const before = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - keepMonths));
  return { images, months: keepMonths === 0 ? [] : await expireMonths(store, before) };
}
