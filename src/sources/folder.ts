import { type Dirent, existsSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { labelledFirst } from './labelled-first.ts';
import { attributesFile, readPhotoAttributes } from './photo-attributes.ts';
import { readImageFile, unreadable } from './read-file.ts';
import type { OpenOptions, SourceItem } from './source-item.ts';
import type { SourceNotes } from './source-notes.ts';
import { byCodeUnit, isClutter, isIgnored, labelOfPath } from './source-path.ts';
import { type PlaceOf, readFolders, splitOfFolder } from './split-folders.ts';

/** Deeper folders are not read. */
const maxDepth = 32;

interface Found {
  path: string;
  /** Names of the folders below the source, NFC. */
  folders: string[];
  name: string;
}

function list(source: string, folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => byCodeUnit(a.name, b.name));
  } catch (error) {
    throw unreadable(source, folder, error);
  }
}

/** A link counts as its target, a broken one as a file, so that it is reported. */
function kindOf(entry: Dirent, path: string): 'folder' | 'file' | 'other' {
  if (entry.name.includes('\uFFFD') && !existsSync(path)) return 'file';
  const target = entry.isSymbolicLink() ? targetOf(path) : entry;
  if (target === null || target.isFile()) return 'file';
  return target.isDirectory() ? 'folder' : 'other';
}

function targetOf(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

interface Place {
  folders: string[];
  /** Real paths of the folder and those that led to it: a link to one of them, or above, would not end. */
  trail: string[];
}

/** Synchronous calls take 5 us per file, promises 40 us; one folder is read at a time, so that the event loop runs in between. */
function* walk(source: string, folder: string, { folders, trail }: Place, notes?: SourceNotes): Generator<Found> {
  for (const entry of list(source, folder)) {
    const path = join(folder, entry.name);
    const name = entry.name.normalize('NFC');
    const kind = isClutter(name) ? 'other' : kindOf(entry, path);
    const below = [...folders, name];
    if (kind === 'file' && !isIgnored(name)) yield { path, folders, name };
    else if (kind === 'folder' && folders.length < maxDepth) {
      const real = entry.isSymbolicLink() ? realpathSync(path) : join(trail[0]!, entry.name);
      notes?.addFolder(below);
      if (trail.some((above) => `${above}/`.startsWith(`${real}/`))) notes?.passOver(below.join('/'));
      else yield* walk(source, path, { folders: below, trail: [real, ...trail] }, notes);
    } else if (below.join('/') !== attributesFile) notes?.passOver(below.join('/'));
  }
}

/** Whether a folder of the source holds one that is named like a split. One that cannot be read is reported by the walk. */
function holdsSplit(source: string, top: Dirent): boolean {
  const path = join(source, top.name);
  if (isClutter(top.name) || kindOf(top, path) !== 'folder') return false;
  try {
    return readdirSync(path).some(splitOfFolder);
  } catch {
    return false;
  }
}

function toItem(
  source: string,
  { path, folders, name }: Found,
  placeOf: PlaceOf,
  known: Awaited<ReturnType<typeof readPhotoAttributes>>,
): SourceItem {
  const filename = [...folders, name].join('/');
  const place = placeOf(folders);
  const attributes = { ...place.attributes, ...known.get(filename) };
  return { filename, ...place, attributes, path, read: () => readImageFile(source, path, filename) };
}

/**
 * A folder with one subfolder per label, at any depth below it, or with these in folders named like splits. Names are normalised to NFC, so `é` in
 * NFC and in NFD is one label.
 * @throws SOURCE_EMPTY, SOURCE_UNLABELLED, SOURCE_UNREADABLE, SOURCE_SPLITS_MIXED
 */
export async function* openFolder(source: string, options: OpenOptions): AsyncGenerator<SourceItem> {
  const { notes } = options;
  const found = walk(source, source, { folders: [], trail: [realpathSync(source)] }, notes);
  const tops = list(source, source);
  const mayBeSplit = tops.some(({ name }) => splitOfFolder(name)) || tops.some((top) => holdsSplit(source, top));
  // only where it matters is the whole folder listed before the first photo is read
  const photos = mayBeSplit ? [...found] : found;
  const placeOf = Array.isArray(photos)
    ? readFolders(
        source,
        photos.map(({ folders }) => folders),
        options,
      )
    : labelOfPath;
  const attributes = await readPhotoAttributes(source);
  const items = function* () {
    for (const photo of photos) yield toItem(source, photo, placeOf, attributes);
  };
  yield* labelledFirst(source, items(), options);
  notes?.addLabels((folders) => placeOf(folders).label);
}
