/** A file that somebody chose, or one inside a ZIP. */
export interface Chosen {
  /** With its folders, as far as they are known. */
  path: string;
  bytes: number;
  read: () => Promise<Blob>;
}

export type Skipped = 'not-a-photo' | 'heic' | 'too-large' | 'empty' | 'same-name' | 'hidden';

export interface Planned extends Chosen {
  /** In the upload: `<label>/...`. */
  to: string;
}

export interface Plan {
  photos: Planned[];
  /** Photos by label, most frequent first. */
  labels: { label: string; photos: number }[];
  /** Photos without a folder and without a row of the CSV. */
  unlabelled: Chosen[];
  skipped: { path: string; why: Skipped }[];
  /** Rows of the CSV whose photo is not among those chosen. */
  rowsWithoutPhoto: number;
}

/** As the server: contracts/loop/upload.ts. */
export const mostPhotoBytes = 20 * 2 ** 20;

const photoName = /\.(jpe?g|jfif|png|webp)$/i;
const splitName = /^(train(ing)?|val|valid|validation|eval|evaluation|dev|test(ing)?)$/i;

/**
 * What is sent, and where to: labels come from the CSV if there is one, else from folders.
 * @param labels of the CSV, by path or name
 * @param common label of photos that have none
 */
export function planOf(
  chosen: readonly Chosen[],
  { labels, common }: { labels: ReadonlyMap<string, string> | null; common: string },
): Plan {
  const skipped: Plan['skipped'] = [];
  const files = chosen.filter(({ path, bytes }) => {
    const why = skipReason(path, bytes);
    if (why !== null) skipped.push({ path, why });
    return why === null;
  });
  const top = commonTop(files.map(({ path }) => path.split('/')));
  const used = new Set<string>();
  const taken = new Set<string>();
  const plan: Plan = { photos: [], labels: [], unlabelled: [], skipped, rowsWithoutPhoto: 0 };
  const counts = new Map<string, number>();
  const names = uniqueNames(files);
  for (const file of files) {
    const parts = file.path.split('/').slice(top);
    const row = labels === null ? undefined : rowOf(file.path, parts, labels, names);
    if (row !== undefined) used.add(row);
    const given = row === undefined ? undefined : labels?.get(row);
    const folders = parts.slice(0, -1);
    const isLabelled = given !== undefined || (labels === null && folders.length > 0);
    if (!isLabelled && common === '') {
      plan.unlabelled.push(file);
      continue;
    }
    const label = folderName(given ?? common);
    const to = (isLabelled && given === undefined ? parts : [label, ...parts]).join('/');
    if (taken.has(to)) {
      skipped.push({ path: file.path, why: 'same-name' });
      continue;
    }
    taken.add(to);
    plan.photos.push({ ...file, to });
    const shown = given === undefined && isLabelled ? labelOf(folders) : label;
    counts.set(shown, (counts.get(shown) ?? 0) + 1);
  }
  plan.labels = [...counts].map(([label, photos]) => ({ label, photos })).sort((a, b) => b.photos - a.photos);
  plan.rowsWithoutPhoto = labels === null ? 0 : labels.size - used.size;
  return plan;
}

function skipReason(path: string, bytes: number): Skipped | null {
  const parts = path.split('/');
  const name = parts.at(-1) ?? '';
  if (parts.some((part) => part.startsWith('.') || part === '__MACOSX')) return 'hidden';
  if (/\.(heic|heif)$/i.test(name)) return 'heic';
  if (!photoName.test(name)) return 'not-a-photo';
  if (bytes === 0) return 'empty';
  return bytes > mostPhotoBytes ? 'too-large' : null;
}

/** 1 when all photos are in one folder that holds the label folders, as of a ZIP or a chosen folder; else 0. */
function commonTop(paths: readonly (readonly string[])[]): 0 | 1 {
  const tops = new Set(paths.map((parts) => (parts.length > 1 ? parts[0] : '')));
  const below = new Set(paths.flatMap((parts) => (parts.length > 2 ? [parts[1]] : [])));
  return tops.size === 1 && !tops.has('') && below.size > 1 ? 1 : 0;
}

/** Names that only one file has. */
function uniqueNames(files: readonly Chosen[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const { path } of files) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return new Set([...counts].filter(([, count]) => count === 1).map(([name]) => name));
}

/** The row of a file: by its path, with or without the folder around all, else by its name if no other file has it. */
function rowOf(
  path: string,
  parts: readonly string[],
  labels: ReadonlyMap<string, string>,
  names: ReadonlySet<string>,
): string | undefined {
  const name = parts.at(-1)!;
  return [path, parts.join('/'), path.split('/').slice(1).join('/'), ...(names.has(name) ? [name] : [])].find((key) =>
    labels.has(key),
  );
}

/** `train/<label>` and `<label>`. */
const labelOf = ([first = '', second]: readonly string[]) =>
  second !== undefined && splitName.test(first) ? second : first;

/** A label of a CSV or of a person may be any text; a folder has no slashes. */
const folderName = (label: string) => label.trim().normalize('NFC').replaceAll(/[/\\]/g, '_');
