import { MitateError } from '../errors/index.ts';

/** Accepted header names of each column, compared without case, spaces, `-` and `_`. The first one present wins. */
const names = {
  path: ['path', 'file', 'filename', 'filepath', 'image', 'imagepath', 'imagefile', 'photo'],
  url: ['url', 'imageurl', 'fileurl', 'uri', 'link'],
  label: ['label', 'class', 'classname', 'category', 'target', 'diagnosis'],
  group: ['group', 'groupid'],
} as const;
type Role = keyof typeof names;

/** The header of each role; the other headers are attributes. */
export type Columns = { [K in Role]?: string } & { attributes: string[] };

const plain = (header: string) =>
  header
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_-]/g, '');

function findColumn(headers: readonly string[], role: Role): string | undefined {
  for (const name of names[role]) {
    const found = headers.find((header) => plain(header) === name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** @throws MANIFEST_COLUMN_MISSING without a column for paths or URLs, or without one for labels when they are required */
export function findColumns(source: string, headers: readonly string[], labels: 'required' | 'optional'): Columns {
  const columns: Columns = { attributes: [] };
  for (const role of Object.keys(names) as Role[]) {
    const header = findColumn(headers, role);
    if (header !== undefined) columns[role] = header;
  }
  const got = headers.length > 0 ? headers.map((header) => `"${header}"`).join(', ') : 'none';
  if (!columns.path && !columns.url)
    throw new MitateError('MANIFEST_COLUMN_MISSING', { source, expected: '"path" or "url"', got });
  if (!columns.label && labels === 'required')
    throw new MitateError('MANIFEST_COLUMN_MISSING', { source, expected: '"label"', got });
  const taken = new Set<string | undefined>([columns.path, columns.url, columns.label, columns.group]);
  columns.attributes = headers.filter((header) => header !== '' && !taken.has(header));
  return columns;
}
