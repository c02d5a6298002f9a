import { join } from 'node:path';
import { dayMs } from '../../codecs/duration.ts';
import { endpointSettingsSchema } from '../../contracts/endpoint.ts';
import type { ImageStore } from '../../store/images/image-store.ts';
import type { OpenStore } from '../../store/open-store.ts';
import type { RequestPartition } from '../../store/requests/contract.ts';
import { exportRequests } from './export/export-requests.ts';
import { withFeedback } from './export/with-feedback.ts';

export interface ExpiredMonth {
  /** `2026-11` */
  month: string;
  rows: number;
  /** Parquet files, one per project with requests. */
  files: string[];
}

export function archivePath(logDir: string, project: string, month: string): string {
  return join(logDir, encodeURIComponent(project), `${month}.parquet`);
}

/**
 * Moves months that ended before the moment from the database into Parquet files, over all projects. A month is dropped once all its files
 * are on disk; an interrupted one is written again the next time.
 */
export async function expireMonths(
  store: Pick<OpenStore, 'requests' | 'access' | 'forProject' | 'workspace'>,
  before: Date,
): Promise<ExpiredMonth[]> {
  const expired: ExpiredMonth[] = [];
  for (const partition of await store.requests.listPartitions()) {
    if (partition.from === null || partition.to === null || partition.to > before) continue;
    expired.push(await archiveMonth(store, partition as RequestPartition & { from: Date; to: Date }));
    await store.requests.dropPartition(partition.name);
  }
  return expired;
}

async function archiveMonth(
  store: Pick<OpenStore, 'access' | 'forProject' | 'workspace'>,
  { from, to }: RequestPartition & { from: Date; to: Date },
): Promise<ExpiredMonth> {
  const expired: ExpiredMonth = { month: from.toISOString().slice(0, 7), rows: 0, files: [] };
  for (const { name } of await store.access.listProjects()) {
    const { requests, feedback } = store.forProject(name);
    if ((await requests.listRequests({ from, to, limit: 1 })).length === 0) continue;
    const path = archivePath(store.workspace.log, name, expired.month);
    expired.rows += await exportRequests(path, 'parquet', withFeedback(requests.scanRequests({ from, to }), feedback));
    expired.files.push(path);
  }
  return expired;
}

/** Deletes photos whose retention has ended at every endpoint that answered them. @returns their number */
export async function expireImages(
  store: Pick<OpenStore, 'access' | 'forProject'>,
  images: ImageStore,
  now: Date,
): Promise<number> {
  const daysBefore = (days: number) => new Date(now.getTime() - days * dayMs);
  const usual = daysBefore(endpointSettingsSchema.parse({}).imageRetentionDays);
  let count = 0;
  for (const { name } of await store.access.listProjects()) {
    const { endpoints, requests } = store.forProject(name);
    const limits = (await endpoints.listEndpoints()).map(
      ({ name, settings: { imageRetentionDays: days } }) => [name, days === 0 ? null : daysBefore(days)] as const,
    );
    const expired = await requests.expiredImages(new Map(limits), usual, now);
    for (const image of expired) await images.delete(name, image);
    await requests.forgetImages(expired);
    count += expired.length;
  }
  return count;
}
