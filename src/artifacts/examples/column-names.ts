/** Header names of each column of a manifest, compared without case, spaces, `-` and `_`. The first one present wins. */
export const columnNames = {
  path: ['path', 'file', 'filename', 'filepath', 'image', 'imagepath', 'imagefile', 'photo'],
  url: ['url', 'imageurl', 'fileurl', 'uri', 'link'],
  label: ['label', 'class', 'classname', 'category', 'target', 'diagnosis'],
  group: ['group', 'groupid'],
} as const;

export const plainHeader = (header: string) =>
  header
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_-]/g, '');

const roleNames = new Set<string>(Object.values(columnNames).flat());

/** What a header is compared by: names of path, url, label and group as above, attributes as written. */
export function columnKey(header: string): string {
  return isRoleName(header) ? plainHeader(header) : header.normalize('NFC');
}

/** Whether a header names the path, URL, label or group. */
export function isRoleName(header: string): boolean {
  return roleNames.has(plainHeader(header));
}
