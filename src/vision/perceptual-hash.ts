const columns = 9;
const rows = 8;
/** Cells of a flat picture differ by rounding only (1e-5 of a grey level): below this they count as equal. */
const flatNoise = 1e-3;

/** Weighted sums over [start, end) of a line, for each of `count` equal parts: edges count by the share inside. */
function partition(length: number, count: number): { from: number; to: number; first: number; last: number }[] {
  return Array.from({ length: count }, (_, i) => {
    const start = (i * length) / count;
    const end = ((i + 1) * length) / count;
    const from = Math.floor(start);
    const to = Math.max(from, Math.ceil(end) - 1);
    return from === to
      ? { from, to, first: end - start, last: 0 }
      : { from, to, first: from + 1 - start, last: end - to };
  });
}

/** Sum of each cell of a 9x8 grid laid over the luma. All cells have the same area. */
function gridSums(luma: Float32Array, width: number, height: number): Float64Array {
  const xs = partition(width, columns);
  const ys = partition(height, rows);
  const sums = new Float64Array(columns * rows);
  for (let r = 0; r < rows; r++) {
    const { from, to, first, last } = ys[r]!;
    for (let y = from; y <= to; y++) {
      const weight = y === from ? first : y === to ? last : 1;
      for (let c = 0; c < columns; c++) sums[r * columns + c]! += weight * lineSum(luma, y * width, xs[c]!);
    }
  }
  return sums;
}

function lineSum(luma: Float32Array, offset: number, part: { from: number; to: number; first: number; last: number }) {
  let sum = part.first * luma[offset + part.from]!;
  for (let x = part.from + 1; x < part.to; x++) sum += luma[offset + x]!;
  return part.last > 0 ? sum + part.last * luma[offset + part.to]! : sum;
}

/**
 * 64-bit difference hash (Krawetz, "Kind of Like That", 2013): on a 9x8 grid of mean luma, a bit is 1 if the next cell to the right
 * is brighter; rows from the top, most significant bit first.
 * @param luma float32 [height, width]
 * @returns 16 hex digits
 */
export function differenceHash(luma: Float32Array, width: number, height: number): string {
  const sums = gridSums(luma, width, height);
  const noise = (flatNoise * width * height) / (columns * rows);
  let hash = '';
  for (let r = 0; r < rows; r++) {
    let byte = 0;
    for (let c = 0; c < columns - 1; c++) {
      byte = (byte << 1) | (sums[r * columns + c + 1]! - sums[r * columns + c]! > noise ? 1 : 0);
    }
    hash += byte.toString(16).padStart(2, '0');
  }
  return hash;
}
