import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

const image = /\.(jpe?g|png|webp|tiff?|gif|bmp|avif|heic)$/i;
/** Folders of splits around folders of labels. */
const maxDepth = 2;

export interface PhotosFound {
  /** Folder of label folders, relative to the project. */
  folder: string;
  exists: boolean;
  /** Label folders that lie beside the pipeline, where an import would take node_modules/ for a label, too. */
  toMove: string[];
}

/** Where the photos of a project folder are: `photos/`, or the first other folder that has a folder per label. */
export async function findPhotos(project: string): Promise<PhotosFound> {
  const names = (await foldersOf(project)).sort((a, b) => Number(b === 'photos') - Number(a === 'photos'));
  const toMove: string[] = [];
  for (const name of names) {
    if (await hasLabels(join(project, name), maxDepth)) return { folder: name, exists: true, toMove: [] };
    if (name !== 'photos' && (await hasImages(join(project, name)))) toMove.push(name);
  }
  return { folder: 'photos', exists: false, toMove };
}

async function foldersOf(folder: string): Promise<string[]> {
  const isOurs = ({ name }: Dirent) => !name.startsWith('.') && name !== 'node_modules';
  return (await entriesOf(folder)).filter((entry) => entry.isDirectory() && isOurs(entry)).map(({ name }) => name);
}

async function hasLabels(folder: string, depth: number): Promise<boolean> {
  for (const name of await foldersOf(folder)) {
    const below = join(folder, name);
    if ((await hasImages(below)) || (depth > 1 && (await hasLabels(below, depth - 1)))) return true;
  }
  return false;
}

async function hasImages(folder: string): Promise<boolean> {
  return (await entriesOf(folder)).some((entry) => entry.isFile() && image.test(entry.name));
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}
