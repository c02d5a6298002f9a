import type { Random } from '../../../math/stats/random.ts';

/** Evidence by cells, [height, width]. */
export interface HeatMap {
  map: Float32Array;
  width: number;
  height: number;
}

/** Share of the cells that count as the hottest, and of a side that counts as border. */
const [hottestShare, borderShare] = [0.1, 0.1];

/** Cells from the hottest to the coldest. */
export function hottestFirst({ map }: HeatMap): Uint32Array {
  return Uint32Array.from(map.keys()).sort((a, b) => map[b]! - map[a]! || a - b);
}

/** The hottest tenth of the cells. */
export function hottest(heat: HeatMap): Uint32Array {
  return hottestFirst(heat).subarray(0, Math.max(1, Math.round(hottestShare * heat.map.length)));
}

export function isAtBorder({ width, height }: Omit<HeatMap, 'map'>): (cell: number) => boolean {
  const rim = Math.max(1, Math.round(borderShare * Math.min(width, height)));
  return (cell) => {
    const [x, y] = [cell % width, Math.floor(cell / width)];
    return Math.min(x, y, width - 1 - x, height - 1 - y) < rim;
  };
}

/** The map shifted across its edges by a random way: the same shapes elsewhere. Scattered cells would destroy more of any photo than patches do. */
export function moved({ map, width, height }: HeatMap, random: Random): HeatMap {
  const [right, down] = [random.int(width), random.int(height)];
  const from = (cell: number) =>
    ((Math.floor(cell / width) + down) % height) * width + (((cell % width) + right) % width);
  return { map: map.map((_, cell) => map[from(cell)]!), width, height };
}

export const allCells = ({ map }: HeatMap) => Uint32Array.from(map.keys());

export function shareOf(cells: Uint32Array, isCounted: (cell: number) => boolean): number {
  return cells.filter(isCounted).length / cells.length;
}
