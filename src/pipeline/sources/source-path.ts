/** Written by operating systems and tools beside photos; also everything whose name starts with a dot. */
const clutter = /^(\.|~\$|__MACOSX$|Thumbs\.db$|desktop\.ini$|Icon\r$|@eaDir$)/i;
/** Notes, manifests and records that may lie between photos. */
const sidecar = /\.(txt|csv|tsv|jsonl?|ndjson|md|xml|ya?ml|ini|db|log|html?|tfrecords?)$/i;

/** `true` for a folder or file name that is never a photo. */
export function isClutter(name: string): boolean {
  return clutter.test(name);
}

/** `true` for a file that is no photo and no failed photo either: it is passed over in silence. */
export function isPassedOver(name: string): boolean {
  return clutter.test(name) || sidecar.test(name);
}

/** Label and attributes that folders give: the first folder labels, folders below it are the attribute `folder`. */
export function labelOfPath(folders: readonly string[]): { label?: string; attributes: Record<string, string> } {
  const [label, ...below] = folders;
  return {
    ...(label !== undefined && { label }),
    attributes: below.length > 0 ? { folder: below.join('/') } : {},
  };
}

/** Order by UTF-16 code units: the same on every machine, whatever its locale. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
