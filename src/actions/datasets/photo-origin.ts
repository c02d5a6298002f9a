import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Properties } from '../../contracts/artifact.ts';

const sourcesSchema = z.array(z.object({ path: z.string(), prefix: z.string() }));

export interface PhotoOrigin {
  /** The folder, bucket, archive or manifest that the photo came from; null = made by a version that did not record it. */
  source: string | null;
  /** The photo's own file; null = in an archive or a bucket, or no longer there. */
  file: string | null;
}

/** Finds the file of a photo of an Examples artifact, by the sources that ExampleGen recorded. */
export function originsOf({ sources }: Properties): (filename: string) => PhotoOrigin {
  const places = typeof sources === 'string' ? sourcesSchema.parse(JSON.parse(sources)) : [];
  return (filename) => {
    const possible = places.filter(({ prefix }) => filename.startsWith(prefix));
    for (const { path, prefix } of possible) {
      const file = join(isFolder(path) ? path : dirname(path), filename.slice(prefix.length));
      if (existsSync(file)) return { source: path, file };
    }
    return { source: possible[0]?.path ?? null, file: null };
  };
}

const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
