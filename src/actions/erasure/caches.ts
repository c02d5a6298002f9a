import { createReadStream } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { embeddingCacheFolder } from '../../artifacts/transform-graph/files.ts';
import { collectEmbeddings } from '../../inference/embeddings/collect-embeddings.ts';

/** Takes photos out of the embeddings and answers that runs keep; other cache files that name one go whole, since they are made anew. */
export async function eraseFromCaches(cacheDir: string, images: ReadonlySet<string>): Promise<number> {
  const embeddings = embeddingCacheFolder(cacheDir);
  const { removed } = await collectEmbeddings(embeddings, ({ sha256 }) => !images.has(sha256));
  const entries = await readdir(cacheDir, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || path.startsWith(embeddings)) continue;
    if (await names(path, images)) await rm(path, { force: true });
  }
  return removed;
}

const shaLength = 64;

async function names(path: string, images: ReadonlySet<string>): Promise<boolean> {
  let rest = '';
  for await (const chunk of createReadStream(path, { encoding: 'latin1', highWaterMark: 1 << 20 })) {
    const text = rest + (chunk as string);
    for (const image of images) if (text.includes(image)) return true;
    rest = text.slice(-shaLength);
  }
  return false;
}
