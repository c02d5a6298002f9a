/** Two hashes at most this far apart agree in one of four 16-bit bands except for two bits: 8 = 4 * 2. */
export const maxHashDistance = 8;
/** Neighbours per photo; a thousand blank photos would have a thousand each. */
const maxNeighbours = 64;
const bands = 4;

/** The 137 masks of 16 bits with at most two set. */
const nearMasks = Array.from({ length: 1 << 16 }, (_, mask) => mask).filter((mask) => bitCount(mask) <= 2);

function bitCount(value: number): number {
  let v = value - ((value >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Indexes of the hashes sorted by the value of a band, and where the indexes of each value start. */
function buildBand(keys: Uint16Array): { starts: Uint32Array; members: Uint32Array } {
  const starts = new Uint32Array((1 << 16) + 1);
  for (const key of keys) starts[key + 1]!++;
  for (let i = 0; i < 1 << 16; i++) starts[i + 1]! += starts[i]!;
  const next = starts.slice();
  const members = new Uint32Array(keys.length);
  for (const [i, key] of keys.entries()) members[next[key]!++] = i;
  return { starts, members };
}

export interface HashPair {
  /** Indexes, a < b. */
  a: number;
  b: number;
  /** Bits, 0..8. */
  distance: number;
}

/**
 * Pairs of 64-bit hashes at most 8 bits apart (multi-index hashing: Norouzi, Punjani, Fleet 2012).
 * @param hashes 16 hex digits each
 * @returns sorted by a, then distance, then b; at most 64 per photo
 */
export function similarHashes(hashes: readonly string[]): HashPair[] {
  const keys = Array.from({ length: bands }, (_, band) =>
    Uint16Array.from(hashes, (hash) => Number.parseInt(hash.slice(4 * band, 4 * band + 4), 16)),
  );
  const index = keys.map(buildBand);
  const seen = new Int32Array(hashes.length).fill(-1);
  return hashes.flatMap((_, a) => {
    const near: HashPair[] = [];
    for (let band = 0; band < bands; band++) {
      const { starts, members } = index[band]!;
      for (const mask of nearMasks) {
        const key = keys[band]![a]! ^ mask;
        for (let at = starts[key]!; at < starts[key + 1]!; at++) {
          const b = members[at]!;
          if (b <= a || seen[b] === a) continue;
          seen[b] = a;
          const distance = distanceOf(keys, a, b);
          if (distance <= maxHashDistance) near.push({ a, b, distance });
        }
      }
    }
    return near.sort((x, y) => x.distance - y.distance || x.b - y.b).slice(0, maxNeighbours);
  });
}

function distanceOf(keys: Uint16Array[], a: number, b: number): number {
  let distance = 0;
  for (const band of keys) distance += bitCount(band[a]! ^ band[b]!);
  return distance;
}
