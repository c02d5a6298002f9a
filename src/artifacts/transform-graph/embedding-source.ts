import type { Split } from '../../contracts/artifacts/example.ts';

/** Embeddings of photos, several views each. Row `i * views + v` is view v of photo i; a row is `size` float32 numbers. */
export interface EmbeddingSource {
  /** Photos. */
  readonly count: number;
  readonly views: number;
  /** Numbers in one embedding. */
  readonly size: number;
  /** Copies the given rows into `out` ([rows.length, size], row-major). */
  read(rows: ArrayLike<number>, out: Float32Array): void;
  /** The rows' files, if they are in a TransformGraph: another process can open them. */
  readonly files?: EmbeddingFiles | undefined;
}

/** Splits of a TransformGraph artifact, one after the other. */
export interface EmbeddingFiles {
  uri: string;
  splits: Split[];
}

/** Standardises an embedding: `(x - mean) / scale`, `size` numbers each. */
export interface Standardiser {
  mean: Float32Array;
  scale: Float32Array;
}

/** Several sources as one: the photos of the first, then of the second, and so on. Views and size must agree. */
export function joinSources(sources: readonly EmbeddingSource[]): EmbeddingSource {
  const [first] = sources;
  if (!first) throw new RangeError('joinSources needs at least one source');
  const { views, size } = first;
  let rows = 0;
  const parts = sources.map((source) => {
    const start = rows;
    rows += source.count * views;
    return { source, start, end: rows };
  });
  return {
    count: sources.reduce((sum, source) => sum + source.count, 0),
    views,
    size,
    files: joinFiles(sources),
    read(rows, out) {
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i]!;
        const part = parts.find(({ end }) => row < end);
        if (!part) throw new RangeError(`embeddings: there is no row ${row}`);
        part.source.read([row - part.start], out.subarray(i * size, (i + 1) * size));
      }
    },
  };
}

function joinFiles(sources: readonly EmbeddingSource[]): EmbeddingFiles | undefined {
  const all = sources.map(({ files }) => files);
  const uri = all[0]?.uri;
  if (uri === undefined || all.some((files) => files?.uri !== uri)) return undefined;
  return { uri, splits: all.flatMap((files) => files?.splits ?? []) };
}
