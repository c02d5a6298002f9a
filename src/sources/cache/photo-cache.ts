import { join } from 'node:path';

/** Digests, inspections and downloads of photos in the shared cache. Named after ExampleGen, which fills most of it. */
export function photoCache(cacheDir: string): string {
  return join(cacheDir, 'example-gen');
}
