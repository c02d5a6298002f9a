import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';
import { type Dimensions, type DimensionTable, dimensionTables } from '../../../contracts/api/dimensions.ts';
import { writeWholeFile } from '../../../store/workspace/whole-file.ts';
import type { ExportFormat } from './export-requests.ts';

type ColumnType = NonNullable<ColumnSource['type']>;

/** Types of the columns that are not text; the same whether or not a table has rows. */
const types: Record<string, ColumnType> = {
  created_at: 'TIMESTAMP',
  updated_at: 'TIMESTAMP',
  since: 'TIMESTAMP',
  until: 'TIMESTAMP',
  min_replica_count: 'INT32',
  max_replica_count: 'INT32',
  version: 'INT32',
  traffic: 'INT32',
  model_monitoring: 'BOOLEAN',
  blessed: 'BOOLEAN',
  alert_threshold: 'DOUBLE',
  metrics_auc: 'DOUBLE',
  metrics: 'JSON',
};

/** Writes `dim_endpoints`, `dim_models` and `dim_deployments`, a file each, into an existing folder. @throws DISK_FULL */
export async function exportDimensions(
  folder: string,
  format: ExportFormat,
  dimensions: Dimensions,
  columns: Readonly<Record<DimensionTable, readonly string[]>>,
): Promise<string[]> {
  const paths: string[] = [];
  for (const table of dimensionTables) {
    const path = join(folder, `${table}.${format}`);
    const rows = dimensions[table] as readonly Record<string, unknown>[];
    const bytes =
      format === 'jsonl'
        ? rows.map((row) => `${JSON.stringify(row)}\n`).join('')
        : new Uint8Array(parquetWriteBuffer({ columnData: columns[table].map((name) => columnOf(name, rows)) }));
    await writeWholeFile(path, (temporary) => writeFile(temporary, bytes));
    paths.push(path);
  }
  return paths;
}

function columnOf(name: string, rows: readonly Record<string, unknown>[]): ColumnSource {
  return { name, type: types[name] ?? 'STRING', nullable: true, data: rows.map((row) => row[name] ?? null) };
}
