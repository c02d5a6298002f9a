import { labelsOfCsv } from './csv.ts';
import type { Chosen } from './plan.ts';
import { zipEntries } from './zip.ts';

export interface Gathered {
  files: Chosen[];
  /** Of the CSV files among them; null = there is none. */
  labels: ReadonlyMap<string, string> | null;
  /** CSV files without a column of paths and one of labels. */
  badTables: string[];
  /** Archives that could not be read. */
  badArchives: { name: string; error: unknown }[];
}

export const nothing: Gathered = { files: [], labels: null, badTables: [], badArchives: [] };
const mostTableBytes = 50_000_000;

/** Adds files: ZIPs are opened, tables read for labels. */
export async function gather(before: Gathered, files: readonly Found[]): Promise<Gathered> {
  const gathered = {
    ...before,
    files: [...before.files],
    badTables: [...before.badTables],
    badArchives: [...before.badArchives],
  };
  for (const found of files) await take(gathered, found);
  // chosen twice
  gathered.files = [...new Map(gathered.files.map((each) => [`${each.path}\n${each.bytes}`, each])).values()];
  return gathered;
}

async function take(gathered: Gathered, { file, path }: Found): Promise<void> {
  const chosen = { path: path.normalize('NFC'), bytes: file.size, read: async () => file };
  if (/\.(csv|tsv)$/i.test(path)) await takeTable(gathered, chosen);
  else if (/\.zip$/i.test(path))
    try {
      for (const entry of await zipEntries(file)) {
        if (/\.(csv|tsv)$/i.test(entry.path)) await takeTable(gathered, entry);
        else gathered.files.push(entry);
      }
    } catch (error) {
      gathered.badArchives.push({ name: file.name, error });
    }
  else gathered.files.push(chosen);
}

async function takeTable(gathered: Gathered, { path, bytes, read }: Chosen): Promise<void> {
  const labels = bytes > mostTableBytes ? null : labelsOfCsv(await (await read()).text());
  if (labels === null) gathered.badTables.push(path);
  else gathered.labels = new Map([...(gathered.labels ?? []), ...labels]);
}

export interface Found {
  file: File;
  path: string;
}

/** Of an input: with folders where one was chosen. */
export const foundIn = (files: FileList): Found[] =>
  [...files].map((file) => ({ file, path: file.webkitRelativePath || file.name }));

/** What was dropped, with everything in its folders. Called in the event: its items are gone after it. */
export async function dropped({ items }: DataTransfer): Promise<Found[]> {
  const entries = [...items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  const found: Found[] = [];
  for (const entry of entries) await walk(entry, found);
  return found;
}

async function walk(entry: FileSystemEntry, found: Found[]): Promise<void> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    found.push({ file, path: entry.fullPath.replace(/^\//, '') });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // it gives a hundred at a time, and none at the end
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return;
    for (const each of some) await walk(each, found);
  }
}
