import { isSystemName } from '../codecs/system-names.ts';

/** Notes, manifests, records, edits and videos that may be among photos. */
const sidecar =
  /(\.(txt|csv|tsv|jsonl?|ndjson|md|rst|pdf|rtf|docx?|xlsx?|odt|ods|xml|xsd|ya?ml|toml|ini|cfg|db|log|nfo|html?|css|tfrecords?|pbtxt|np[yz]|mat|pkl|py|ipynb|sh|bat|md5|sha\d*|xmp|aae|pp3|dop|on1|cos|thm|lrv|gpx|mov|mp4|m4v|avi|3gp|mpe?g|mkv|wav|mp3|m4a|lnk|url|webloc)|[:\uF03A]Zone\.Identifier|:com\.[\w.#-]+)$/i;
/** Files of a repository or download, which have no ending. */
const notice =
  /^(README|LICEN[CS]E|COPYING|COPYRIGHT|NOTICE|AUTHORS|CONTRIBUTORS|CHANGELOG|CHANGES|CITATION|INSTALL|MANIFEST|VERSION|TODO|Makefile|Dockerfile|(MD5|SHA\d+)SUMS?)([-_][\w-]+)?$/i;

/** Whether a folder or file name is never a photo: hidden, or of a system. */
export function isClutter(name: string): boolean {
  return name.startsWith('.') || isSystemName(name);
}

/** Whether a file is passed over: neither a photo nor a broken one. */
export function isIgnored(name: string): boolean {
  return isClutter(name) || sidecar.test(name) || notice.test(name);
}

/** What is passed over of a path: up to its first system folder, or a file that is no photo. Null = a photo. */
export function passedOver(parts: readonly string[]): string | null {
  const at = parts.findIndex(isClutter);
  if (at >= 0) return parts.slice(0, at + 1).join('/');
  return isIgnored(parts.at(-1) ?? '') ? parts.join('/') : null;
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
