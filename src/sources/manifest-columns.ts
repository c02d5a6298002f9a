import { columnNames, plainHeader } from '../artifacts/examples/column-names.ts';
import { MitateError } from '../errors/index.ts';

type Role = keyof typeof columnNames;

/** The header of each role; the other headers are attributes. */
export type Columns = { [K in Role]?: string } & { attributes: string[] };

function findColumn(headers: readonly string[], role: Role): string | undefined {
  for (const name of columnNames[role]) {
    const found = headers.find((header) => plainHeader(header) === name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The column of each role. */
export function findColumns(headers: readonly string[]): Columns {
  const columns: Columns = { attributes: [] };
  for (const role of Object.keys(columnNames) as Role[]) {
    const header = findColumn(headers, role);
    if (header !== undefined) columns[role] = header;
  }
  const taken = new Set<string | undefined>([columns.path, columns.url, columns.label, columns.group]);
  columns.attributes = headers.filter((header) => header !== '' && !taken.has(header));
  return columns;
}

/** @throws MANIFEST_COLUMN_MISSING */
export function requireColumn(source: string, expected: string, found: boolean, headers: readonly string[]): void {
  if (found) return;
  const got = headers.length > 0 ? headers.map((header) => `"${header}"`).join(', ') : 'none';
  throw new MitateError('MANIFEST_COLUMN_MISSING', { source, expected, got });
}
