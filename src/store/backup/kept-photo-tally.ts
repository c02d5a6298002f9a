import { createHash } from 'node:crypto';
import type { Manifest } from './manifest.ts';

const photoPath = /^images\/[a-z0-9][a-z0-9._-]*\/([0-9a-f]{2})\/\1[0-9a-f]{62}$/;
export const isKeptPhoto = (path: string): boolean => path.startsWith('images/');
export const isKeptPhotoPath = (path: string): boolean => photoPath.test(path);

/** Of the kept photos of an archive, which are not listed one by one: number, bytes, and a digest over paths and digests. */
export class KeptPhotoTally {
  readonly #hash = createHash('sha256');
  #last = '';
  #count = 0;
  #sizeBytes = 0;

  /** In the order of their paths. @returns false for one that is not after the one before */
  add({ path, sha256, sizeBytes }: Manifest['files'][number]): boolean {
    if (path <= this.#last) return false;
    this.#last = path;
    this.#count++;
    this.#sizeBytes += sizeBytes;
    this.#hash.update(`${path} ${sha256}\n`);
    return true;
  }

  sum(): NonNullable<Manifest['photos']> {
    return { count: this.#count, sizeBytes: this.#sizeBytes, sha256: this.#hash.copy().digest('hex') };
  }
}
