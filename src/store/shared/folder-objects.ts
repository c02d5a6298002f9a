import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { link, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { syncParent } from '../../files/sync.ts';
import { temporaryEnding } from '../../files/write-whole.ts';
import type { ByteRange, NewObject, ObjectStorage } from '../../network/objects/object-storage.ts';
import { fileError } from '../workspace/file-error.ts';

/** Files below a folder that machines share, such as a mounted volume. `ifAbsent` is a hard link, which fails where there is a file. */
export class FolderObjects implements ObjectStorage {
  readonly uri: string;

  /** @param uri absolute path */
  constructor(uri: string) {
    this.uri = uri;
  }

  async read(key: string, range?: ByteRange): Promise<Uint8Array | null> {
    try {
      await using file = await open(join(this.uri, key));
      if (range === undefined) return await file.readFile();
      const bytes = Buffer.alloc(Math.min(range.length, Math.max(0, (await file.stat()).size - range.start)));
      let filled = 0;
      while (filled < bytes.length) {
        const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, range.start + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return bytes.subarray(0, filled);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw fileError(error, join(this.uri, key));
    }
  }

  async write(key: string, { body, ifAbsent }: NewObject): Promise<boolean> {
    const path = join(this.uri, key);
    const temporary = `${path}.${randomUUID()}${temporaryEnding}`;
    try {
      await mkdir(dirname(path), { recursive: true });
      await pipeline(Readable.fromWeb(body.stream()), createWriteStream(temporary, { flush: true }));
      if (ifAbsent) await link(temporary, path);
      else await rename(temporary, path);
      await syncParent(path);
      return true;
    } catch (error) {
      if (ifAbsent && (error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw fileError(error, path);
    } finally {
      await rm(temporary, { force: true });
    }
  }

  async remove(key: string): Promise<void> {
    await rm(join(this.uri, key), { force: true });
  }

  async *list(): AsyncIterable<string> {
    const entries = await readdir(this.uri, { recursive: true, withFileTypes: true }).catch((error) => {
      if (error.code === 'ENOENT') return [];
      throw fileError(error, this.uri);
    });
    for (const entry of entries)
      if (!entry.isDirectory())
        yield join(entry.parentPath, entry.name)
          .slice(this.uri.length + 1)
          .replaceAll('\\', '/');
  }
}
