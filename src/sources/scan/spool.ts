import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A temporary folder for photos that have no file of their own (ZIP, TFRecord, URL). */
export class Spool {
  readonly #folder: string;

  /** @param folder created when first needed */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Writes the bytes under their digest. @returns their path */
  async keep(digest: string, bytes: Uint8Array): Promise<string> {
    const folder = join(this.#folder, digest.slice(0, 2));
    await mkdir(folder, { recursive: true });
    const path = join(folder, digest);
    await writeFile(path, bytes);
    return path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}
