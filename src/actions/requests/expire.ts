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

/** Moves old months of all projects to Parquet files, and deletes photos after their endpoint's retention. @param keepMonths whole months before this one; 0 = no limit */
export async function expireLog(config: Config, { keepMonths }: { keepMonths: number }): Promise<ExpiredLog> {
  return await withStore(config, { attach: 'server' }, (store) => expire(store, keepMonths));
}

/** The same in an open store; also creates the next months' partitions. */
export async function expire(
  store: Pick<OpenStore, 'requests' | 'access' | 'forProject' | 'workspace'>,
  keepMonths: number,
  now: Date = new Date(),
): Promise<ExpiredLog> {
  await store.requests.makePartitions(now);
  const images = await expireImages(store, localImages(store.workspace.images), now);
  const before = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - keepMonths));
  return { images, months: keepMonths === 0 ? [] : await expireMonths(store, before) };
}
