import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  type Dimensions,
  type DimensionTable,
  dimensionsSchema,
  dimensionTables,
} from '../../contracts/api/dimensions.ts';
import { exportDimensions } from '../../serving/log/export/export-dimensions.ts';
import type { ExportFormat } from '../../serving/log/export/export-requests.ts';
import type { OpenStore } from '../../store/open-store.ts';

/** Endpoints, models and deployments: the tables that the request log refers to. */
export async function dimensions({ reports }: Pick<OpenStore, 'reports'>): Promise<Dimensions> {
  return await reports.dimensions();
}

const columns = Object.fromEntries(
  dimensionTables.map((table) => [table, Object.keys(dimensionsSchema.shape[table].element.shape)]),
) as Record<DimensionTable, string[]>;

/** Writes a file for each of them. @returns their paths @throws DISK_FULL */
export async function exportDimensionTables(
  store: Pick<OpenStore, 'reports'>,
  folder: string,
  format: ExportFormat,
): Promise<string[]> {
  const place = resolve(folder);
  await mkdir(place, { recursive: true });
  return await exportDimensions(place, format, await dimensions(store), columns);
}
