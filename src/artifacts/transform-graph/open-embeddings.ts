import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import type { Split } from '../../contracts/artifacts/example.ts';
import { MitateError } from '../../errors/index.ts';
import { embeddingsFile, transformFile, transformFileSchema } from './files.ts';

/** Rows of one split's embeddings, read from the file on demand: the matrix is never in memory. */
export interface Embeddings {
  /** Photos n; there are n * views rows. Row i * views + v is photo i (line i of that split in `examples.jsonl`) in view v. */
  count: number;
  views: number;
  /** D. */
  size: number;
  /** Copies the rows, not standardised, one after the other into `out` (length >= rows * D). Synchronous: from the page cache. */
  read(rows: ArrayLike<number>, out: Float32Array): void;
  close(): void;
  files: { uri: string; splits: Split[] };
}

/** @throws TRANSFORM_ARTIFACT_INVALID */
export function openEmbeddings(uri: string, split: Split): Embeddings {
  const file = embeddingsFile(uri, split);
  const about = invalidOnThrow(transformFile(uri), () =>
    transformFileSchema.parse(JSON.parse(readFileSync(transformFile(uri), 'utf8'))),
  );
  const views = about.views.length;
  const size = about.embeddingSize;
  const count = about.counts[split];
  const handle = invalidOnThrow(file, () => openSync(file, 'r'));
  const expected = count * views * size * 4;
  const actual = fstatSync(handle).size;
  if (actual !== expected) {
    closeSync(handle);
    throw new MitateError('TRANSFORM_ARTIFACT_INVALID', { file, reason: `expected ${expected} bytes, got ${actual}` });
  }
  const files = { uri, splits: [split] };
  return { count, views, size, read: rowReader(handle, size), close: () => closeSync(handle), files };
}

/** Consecutive rows are read at once. */
function rowReader(handle: number, size: number): Embeddings['read'] {
  return (rows, out) => {
    const bytes = new Uint8Array(out.buffer, out.byteOffset, out.byteLength);
    for (let from = 0; from < rows.length; ) {
      let to = from + 1;
      while (to < rows.length && rows[to] === rows[to - 1]! + 1) to++;
      const length = (to - from) * size * 4;
      const got = readSync(handle, bytes, from * size * 4, length, rows[from]! * size * 4);
      if (got !== length) throw new RangeError(`embeddings: rows ${rows[from]}..${rows[to - 1]} are not in the file`);
      from = to;
    }
  };
}

function invalidOnThrow<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new MitateError('TRANSFORM_ARTIFACT_INVALID', { file, reason: (cause as Error).message }, { cause });
  }
}
