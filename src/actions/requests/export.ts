import { resolve } from 'node:path';
import type { Config } from '../../config/index.ts';
import { type ExportFormat, exportRequests } from '../../serving/log/export/export-requests.ts';
import { withFeedback } from '../../serving/log/export/with-feedback.ts';
import type { RequestFilter } from '../../store/requests/contract.ts';
import { withStore } from '../with-store.ts';

export interface ExportedLog {
  path: string;
  format: ExportFormat;
  rows: number;
}

/**
 * Exports matching requests of the project, oldest first, to one file, with the feedback on them so far. Months that left the database are already in
 * files of their own.
 */
export async function exportLog(
  config: Config,
  path: string,
  { format, ...filter }: Omit<RequestFilter, 'before' | 'limit'> & { format: ExportFormat },
): Promise<ExportedLog> {
  return await withStore(config, { attach: 'server' }, async (store) => {
    const file = resolve(path);
    const pages = withFeedback(store.requests.scanRequests(filter), store.feedback);
    return { path: file, format, rows: await exportRequests(file, format, pages) };
  });
}
