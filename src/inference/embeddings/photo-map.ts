import { openFiles } from '../../artifacts/transform-graph/open-files.ts';
import { readTransform } from '../../artifacts/transform-graph/read-transform.ts';
import type { Split } from '../../contracts/artifacts/example.ts';
import { principalComponents } from '../../math/stats/principal-components.ts';

export interface MapRequest {
  transformUri: string;
  /** Those with photos, in their order. */
  splits: Split[];
  /** Positions of the photos, ascending. */
  at: number[];
}

export interface MapPoints {
  /** -1..1, the longer side of the map; in the order of the request. */
  x: number[];
  y: number[];
  explained: [number, number];
}

/** Photos side by side that look alike: the first two principal components of their standardised embeddings. */
export async function photoMap({ transformUri, splits, at }: MapRequest): Promise<MapPoints> {
  const { mean, scale } = await readTransform(transformUri);
  using source = openFiles({ uri: transformUri, splits });
  const { size, views } = source;
  const rows = new Float32Array(at.length * size);
  source.read(
    at.map((photo) => photo * views),
    rows,
  );
  for (let i = 0; i < rows.length; i++) rows[i] = (rows[i]! - mean[i % size]!) / scale[i % size]!;
  const { scores, explained } = principalComponents(rows, size);
  const most = scores.reduce((largest, score) => Math.max(largest, Math.abs(score)), 0) || 1;
  // four digits: a screen has no more
  const placed = (score: number) => Math.round((1e4 * score) / most) / 1e4;
  return {
    x: at.map((_, i) => placed(scores[2 * i]!)),
    y: at.map((_, i) => placed(scores[2 * i + 1]!)),
    explained,
  };
}
