import { photoIndexFolder } from '../../artifacts/examples/photo-index/files.ts';
import { PhotoIndex } from '../../artifacts/examples/photo-index/open.ts';
import type { StoredArtifact } from '../../contracts/artifact.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { askPhotoProcess } from './in-child-process.ts';

/** Of all open indexes. One larger than this is still opened. */
const mostBytes = 64 * 2 ** 20;
/** By folder and artifact, of which two may be equal; oldest use first. */
const opened = new Map<string, Promise<PhotoIndex>>();

/** The index of an Examples artifact, from memory, the cache, or made now. @throws EXAMPLES_CORRUPT, PHOTOS_PROCESS_DIED, SERVER_BUSY */
export async function openPhotoIndex(
  { workspace }: Pick<OpenStore, 'workspace'>,
  { uri, digest }: Pick<StoredArtifact, 'uri' | 'digest'>,
): Promise<PhotoIndex> {
  const folder = photoIndexFolder(workspace.cache, digest);
  const key = `${folder}\n${uri}`;
  const before = opened.get(key);
  if (before) opened.delete(key);
  const index = before ?? openOrBuild(uri, folder);
  opened.set(key, index);
  try {
    const found = await index;
    if (before === undefined) await forgetOldest(key);
    return found;
  } catch (error) {
    opened.delete(key);
    throw error;
  }
}

async function openOrBuild(uri: string, folder: string): Promise<PhotoIndex> {
  const open = () => PhotoIndex.open(uri, folder);
  const found = await open().catch(() => null);
  if (found) return found;
  await askPhotoProcess({ kind: 'index', uri, folder });
  return await open();
}

async function forgetOldest(newest: string): Promise<void> {
  let bytes = 0;
  for (const [key, index] of [...opened].reverse()) {
    const size = await index.then(
      ({ sizeBytes }) => sizeBytes,
      () => 0,
    );
    bytes += size;
    if (bytes > mostBytes && key !== newest) opened.delete(key);
  }
}
