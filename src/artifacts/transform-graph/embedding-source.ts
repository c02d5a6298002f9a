import type { Split } from '../../contracts/artifacts/example.ts';

/** Embeddings of photos, several views each. Row `i * views + v` is view v of photo i; a row holds `size` float32 numbers. */
export interface EmbeddingSource {
  /** Photos. */
  readonly count: number;
  readonly views: number;
  /** Numbers in one embedding. */
  readonly size: number;
  /** Copies the given rows into `out` ([rows.length, size], row-major). */
  read(rows: ArrayLike<number>, out: Float32Array): void;
  /** Where the rows lie, if they lie in a TransformGraph: another process can open them there. */
  readonly files?: EmbeddingFiles | undefined;
}

/** Splits of a TransformGraph artifact whose photos follow each other. */
export interface EmbeddingFiles {
  uri: string;
  splits: Split[];
}

/** What centres and scales an embedding: `(x - mean) / scale`, `size` numbers each. */
export interface Standardiser {
  mean: Float32Array;
  scale: Float32Array;
}

/** Several sources as one: the photos of the first, then of the second, and so on. Views and size must agree. */
export function joinSources(sources: readonly EmbeddingSource[]): EmbeddingSource {
  const [first] = sources;
  if (!first) throw new RangeError('joinSources needs at least one source');
  const { views, size } = first;
  const starts = [0];
  for (const source of sources) starts.push((starts.at(-1) as number) + source.count * views);
  const place = (row: number) => {
    let at = 0;
    while (row >= (starts[at + 1] as number)) at++;
    return at;
  };
  return {
    count: sources.reduce((sum, source) => sum + source.count, 0),
    views,
    size,
    files: joinFiles(sources),
    read(rows, out) {
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i] as number;
        const at = place(row);
        (sources[at] as EmbeddingSource).read([row - (starts[at] as number)], out.subarray(i * size, (i + 1) * size));
      }
    },
  };
}

function joinFiles(sources: readonly EmbeddingSource[]): EmbeddingFiles | undefined {
  const [first] = sources;
  const areTogether = first?.files && sources.every(({ files }) => files?.uri === first.files!.uri);
  return areTogether ? { uri: first.files!.uri, splits: sources.flatMap(({ files }) => files!.splits) } : undefined;
}

/** A source over rows that lie in memory. `values`: [count * views, size], row-major. */
export function memorySource(values: Float32Array, size: number, views = 1): EmbeddingSource {
  return {
    count: values.length / size / views,
    views,
    size,
    read(rows, out) {
      for (let i = 0; i < rows.length; i++) {
        const start = (rows[i] as number) * size;
        out.set(values.subarray(start, start + size), i * size);
      }
    },
  };
}
