/** Rows of a CSV (RFC 4180) with comma, semicolon or tab, whichever its first line has most of. */
export function csvRows(text: string): string[][] {
  const body = text.replace(/^\uFEFF/, '');
  const first = body.split(/\r?\n/, 1)[0] ?? '';
  const delimiter = [',', ';', '\t'].reduce((best, next) =>
    first.split(next).length > first.split(best).length ? next : best,
  );
  const rows: string[][] = [];
  let [row, cell, isQuoted]: [string[], string, boolean] = [[], '', false];
  const endRow = () => {
    row.push(cell.trim());
    if (row.some((each) => each !== '')) rows.push(row);
    [row, cell] = [[], ''];
  };
  for (let at = 0; at < body.length; at++) {
    const sign = body[at]!;
    if (isQuoted) {
      if (sign !== '"') cell += sign;
      else if (body[at + 1] === '"') cell += body[++at];
      else isQuoted = false;
    } else if (sign === '"' && cell.trim() === '') [isQuoted, cell] = [true, ''];
    else if (sign === delimiter) {
      row.push(cell.trim());
      cell = '';
    } else if (sign === '\n') endRow();
    else if (sign !== '\r') cell += sign;
  }
  endRow();
  return rows;
}

/** As manifests name their columns: docs/data.md. */
const paths = ['path', 'file', 'filename', 'filepath', 'image', 'imagepath', 'imagefile', 'photo'];
const labels = ['label', 'class', 'classname', 'category', 'target', 'diagnosis'];

/** Label by the path or name of a photo; null = it has no such columns. */
export function labelsOfCsv(text: string): Map<string, string> | null {
  const [header = [], ...rows] = csvRows(text);
  const keys = header.map((name) => name.toLowerCase().replaceAll(/[\s_-]/g, ''));
  const [path, label] = [paths, labels].map((names) => keys.findIndex((key) => names.includes(key)));
  if (path === undefined || label === undefined || path < 0 || label < 0) return null;
  const found = new Map<string, string>();
  for (const row of rows) {
    const [name, given] = [row[path], row[label]];
    if (name && given)
      found.set(
        name
          .replaceAll('\\', '/')
          .replace(/^(\.?\/)+/, '')
          .normalize('NFC'),
        given.normalize('NFC'),
      );
  }
  return found;
}
