import type { Attention } from '../../contracts/request-record.ts';
import type { Explanation } from '../inference-pool.ts';

/** Share of the side, at each edge: the outermost 3 of 28 cells. */
const borderShare = 0.1;

/**
 * Distribution of the evidence for the class: its share at the photo's border, and its normalised entropy -sum(p ln p) / ln(n), 0 = in one
 * cell, 1 = uniform. Both 0 without evidence for the class.
 */
export function attentionOf({ map, width, height }: Pick<Explanation, 'map' | 'width' | 'height'>): Attention {
  const rim = Math.max(1, Math.round(borderShare * Math.min(width, height)));
  const isBorder = (x: number, y: number) => Math.min(x, y, width - 1 - x, height - 1 - y) < rim;
  const total = map.reduce((sum, value) => sum + Math.max(0, value), 0);
  if (total === 0) return { border: 0, entropy: 0 };
  let border = 0;
  let entropy = 0;
  map.forEach((value, i) => {
    if (value <= 0) return;
    const p = value / total;
    if (isBorder(i % width, Math.floor(i / width))) border += p;
    entropy -= p * Math.log(p);
  });
  return { border, entropy: entropy / Math.log(map.length) };
}
