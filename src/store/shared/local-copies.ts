import { randomUUID } from 'node:crypto';
import { copyFile, link, mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MitateError } from '../../errors/index.ts';
import { listFiles, readTree } from '../artifacts/tree-digest.ts';
import { fileError } from '../workspace/file-error.ts';

/** Folders of processes that were killed are removed after this time. */
const abandonedMs = 7 * 86_400_000;

/**
 * Local copies of artifacts by their digest, shared by the processes of a machine: `<root>/<digest>.<bytes>/`. The least recently used
 * are removed beyond `maxBytes`. Each process works on hard links in a folder of its own, so that no removal reaches it.
 */
export class LocalCopies implements AsyncDisposable {
  readonly #root: string;
  readonly #maxBytes: number;
  readonly #own: string;

  private constructor(root: string, maxBytes: number) {
    this.#root = root;
    this.#maxBytes = maxBytes;
    this.#own = join(root, '.in-use', randomUUID());
  }

  /** @param root absolute path @throws WORKSPACE_READ_ONLY, DISK_FULL */
  static async open(root: string, maxBytes: number): Promise<LocalCopies> {
    const copies = new LocalCopies(root, maxBytes);
    try {
      await mkdir(copies.#own, { recursive: true, mode: 0o700 });
      await copies.#removeAbandoned();
    } catch (error) {
      throw fileError(error, root);
    }
    return copies;
  }

  /** Null = there is none. A damaged one is removed. */
  async take(digest: string): Promise<string | null> {
    const here = join(this.#own, digest);
    if (await isThere(here)) return here;
    const entry = (await this.#entries()).find((each) => each.digest === digest);
    if (entry === undefined) return null;
    try {
      await linkTree(entry.path, here);
      if ((await readTree(here)).digest === digest) {
        const now = new Date();
        await utimes(entry.path, now, now);
        return here;
      }
      await this.#drop(entry.path);
    } catch (error) {
      // another process removed it meanwhile
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw fileError(error, here);
    }
    await rm(here, { recursive: true, force: true });
    return null;
  }

  /** A new empty folder for the files of an artifact. */
  async begin(digest: string): Promise<string> {
    const folder = join(this.#own, digest);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    return folder;
  }

  /** The folder of `begin` is full: other processes may use it, too, if it fits. Returns its path. */
  async keep(digest: string, sizeBytes: number): Promise<string> {
    const folder = join(this.#own, digest);
    const { digest: got } = await readTree(folder);
    if (got !== digest) throw new MitateError('ARTIFACT_DIGEST_MISMATCH', { uri: folder, expected: digest, got });
    if (sizeBytes > this.#maxBytes) return folder;
    const temporary = join(this.#own, `.${digest}`);
    try {
      await this.#makeRoom(sizeBytes);
      await linkTree(folder, temporary);
      await rename(temporary, join(this.#root, `${digest}.${sizeBytes}`));
    } catch (error) {
      // another process has kept it
      if (!['EEXIST', 'ENOTEMPTY'].includes((error as NodeJS.ErrnoException).code ?? ''))
        throw fileError(error, folder);
      await rm(temporary, { recursive: true, force: true });
    }
    return folder;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#own, { recursive: true, force: true });
  }

  async #entries(): Promise<{ path: string; digest: string; sizeBytes: number }[]> {
    return (await readdir(this.#root)).flatMap((name) => {
      const [, digest, bytes] = /^([0-9a-f]{64})\.(\d+)$/.exec(name) ?? [];
      return digest === undefined ? [] : [{ path: join(this.#root, name), digest, sizeBytes: Number(bytes) }];
    });
  }

  async #makeRoom(sizeBytes: number): Promise<void> {
    const entries = await Promise.all(
      (await this.#entries()).map(async (entry) => ({ ...entry, usedAt: await changedAt(entry.path) })),
    );
    let total = entries.reduce((sum, entry) => sum + entry.sizeBytes, sizeBytes);
    for (const entry of entries.sort((a, b) => a.usedAt - b.usedAt)) {
      if (total <= this.#maxBytes) return;
      await this.#drop(entry.path);
      total -= entry.sizeBytes;
    }
  }

  /** Disappears at once for other processes. */
  async #drop(path: string): Promise<void> {
    const away = join(this.#own, `.${randomUUID()}`);
    await rename(path, away).catch((error) => {
      if (error.code !== 'ENOENT') throw error;
    });
    await rm(away, { recursive: true, force: true });
  }

  async #removeAbandoned(): Promise<void> {
    const all = dirname(this.#own);
    for (const name of await readdir(all)) {
      const path = join(all, name);
      if (Date.now() - (await changedAt(path)) > abandonedMs) await rm(path, { recursive: true, force: true });
    }
  }
}

/** Milliseconds; 0 = it is gone. */
async function changedAt(path: string): Promise<number> {
  return await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

async function isThere(path: string): Promise<boolean> {
  return (await changedAt(path)) > 0;
}

async function linkTree(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const path of await listFiles(from)) {
    const target = join(to, path);
    await mkdir(dirname(target), { recursive: true });
    await link(join(from, path), target).catch(async (error) => {
      // some file systems have no links
      if (error.code === 'ENOENT') throw error;
      await copyFile(join(from, path), target);
    });
  }
}
