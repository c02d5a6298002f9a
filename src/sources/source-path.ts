/** Files that operating systems and tools write beside photos, and names that start with a dot. */
const clutter = /^(\.|~\$|__MACOSX$|Thumbs\.db$|desktop\.ini$|Icon\r$|@eaDir$)/i;
/** Notes, manifests and records that may be among photos. */
const sidecar = /\.(txt|csv|tsv|jsonl?|ndjson|md|xml|ya?ml|ini|db|log|html?|tfrecords?)$/i;

/** Whether a folder or file name is never a photo. */
export function isClutter(name: string): boolean {
  return clutter.test(name);
}

/** Whether a file is silently ignored: neither a photo nor a broken one. */
export function isIgnored(name: string): boolean {
  return clutter.test(name) || sidecar.test(name);
}

/** Label and attributes of a path: the first folder is the label, folders below it are the attribute `folder`. */
export function labelOfPath(folders: readonly string[]): { label?: string; attributes: Record<string, string> } {
  const [label, ...below] = folders;
  return {
    ...(label !== undefined && { label }),
    attributes: below.length > 0 ? { folder: below.join('/') } : {},
  };
}

/** Order by UTF-16 code units, independent of the locale. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
