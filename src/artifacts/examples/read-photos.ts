import type { Example, Split } from '../../contracts/artifacts/example.ts';
import { readImages, readIndex } from './read-examples.ts';

/** A photo of a split, with its bytes if requested. */
export interface Photo {
  example: Example;
  image?: Uint8Array;
}

/** All photos of a split in order, with the bytes of those that need them; if none does, the shards are not opened. @throws EXAMPLES_CORRUPT */
export async function* readPhotos(
  uri: string,
  split: Split,
  needsBytes: (example: Example) => boolean,
): AsyncGenerator<Photo> {
  const examples = await readIndex(uri, split);
  const wanted = new Set(examples.filter(needsBytes).map(({ sha256 }) => sha256));
  const images = readImages(uri, split, ({ sha256 }) => wanted.has(sha256));
  try {
    for (const example of examples) {
      const found = wanted.has(example.sha256) ? await images.next() : undefined;
      yield found?.value ?? { example };
    }
    await images.next();
  } finally {
    await images.return(undefined);
  }
}

/** One photo, for when its cached result fails a checksum. @throws EXAMPLES_CORRUPT */
export async function findImage(uri: string, { sha256, split }: Example): Promise<Uint8Array> {
  for await (const { image } of readImages(uri, split, (example) => example.sha256 === sha256)) return image;
  throw new Error(`${sha256} is not in the examples`);
}
