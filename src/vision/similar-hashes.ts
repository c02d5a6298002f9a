/** Hashes at most this far apart, of 64 bits. */
export const maxHashDistance = 8;
/** Neighbours per photo; a thousand blank photos would have a thousand each. */
const maxNeighbours = 64;
/** Hashes at most 8 bits apart agree in one of three or four bands except for two bits: 8 < 3 * (2 + 1). */
const maxBandDistance = 2;

/** Some bits of a hash: `width` of them from `start`, 0 the highest. */
interface Band {
  start: number;
  width: number;
  /** The masks of the band with at most two bits set: 137 of 16 bits, 254 of 22. */
  nearMasks: Int32Array;
}

function bandsOf(widths: readonly number[]): readonly Band[] {
  return widths.map((width, at) => {
    const bits = Array.from({ length: width }, (_, bit) => 1 << bit);
    const pairs = bits.flatMap((one, i) => bits.slice(i + 1).map((other) => one | other));
    const start = widths.slice(0, at).reduce((sum, before) => sum + before, 0);
    return { start, width, nearMasks: Int32Array.from([0, ...bits, ...pairs]) };
  });
}

/** Wide bands have buckets that stay small, and tables that pay only when hashes are many. */
const manyHashes = 100_000;
const narrowBands = bandsOf([16, 16, 16, 16]);
const wideBands = bandsOf([22, 21, 21]);

function bitCount(value: number): number {
  let v = value - ((value >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** @returns the value of a band of a hash whose halves are `high` and `low` */
function bitsOf({ start, width }: Band, high: number, low: number): number {
  const mask = (1 << width) - 1;
  const below = 64 - start - width;
  if (below >= 32) return (high >>> (below - 32)) & mask;
  return start >= 32 ? (low >>> below) & mask : ((high << (32 - below)) | (low >>> below)) & mask;
}

/** Hashes in halves of 32 bits. */
interface Halves {
  high: Int32Array;
  low: Int32Array;
}

/** Hashes in the order of a band's value, side by side so that a bucket is read in one go. */
interface Bucketed extends Halves {
  band: Band;
  /** Where the bucket of each value starts; one more at the end. */
  starts: Uint32Array;
  members: Uint32Array;
}

function bucketed(band: Band, { high, low }: Halves): Bucketed {
  const keys = Uint32Array.from(high, (half, i) => bitsOf(band, half, low[i]!));
  const starts = new Uint32Array((1 << band.width) + 1);
  for (const key of keys) starts[key + 1]!++;
  for (let key = 0; key < starts.length - 1; key++) starts[key + 1]! += starts[key]!;
  const next = starts.slice();
  const members = new Uint32Array(keys.length);
  for (let i = 0; i < keys.length; i++) members[next[keys[i]!]!++] = i;
  return { band, starts, members, high: pick(high, members), low: pick(low, members) };
}

function pick(values: Int32Array, at: Uint32Array): Int32Array {
  const picked = new Int32Array(at.length);
  for (let i = 0; i < at.length; i++) picked[i] = values[at[i]!]!;
  return picked;
}

/** The photos of each different hash, rising; `starts` has one more at the end. */
interface Distinct extends Halves {
  starts: Uint32Array;
  photos: Uint32Array;
}

function distinctHashes(hashes: readonly string[]): Distinct {
  const all = {
    high: Int32Array.from(hashes, (hash) => Number.parseInt(hash.slice(0, 8), 16)),
    low: Int32Array.from(hashes, (hash) => Number.parseInt(hash.slice(8), 16)),
  };
  const photos = Uint32Array.from(hashes, (_, i) => i).sort(
    (a, b) => all.high[a]! - all.high[b]! || all.low[a]! - all.low[b]! || a - b,
  );
  const starts: number[] = [];
  for (const [at, photo] of photos.entries()) {
    const before = photos[at - 1];
    if (before === undefined || all.high[before] !== all.high[photo] || all.low[before] !== all.low[photo])
      starts.push(at);
  }
  const firsts = Uint32Array.from(starts, (at) => photos[at]!);
  return {
    high: pick(all.high, firsts),
    low: pick(all.low, firsts),
    starts: Uint32Array.from([...starts, photos.length]),
    photos,
  };
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
  const distinct = distinctHashes(hashes);
  const bands = hashes.length < manyHashes ? narrowBands : wideBands;
  const index = bands.map((band) => bucketed(band, distinct));
  const pairs: HashPair[] = [];
  for (let hash = 0; hash < distinct.high.length; hash++) {
    const near = nearHashes(distinct, index, hash).sort((x, y) => x.distance - y.distance);
    for (let at = distinct.starts[hash]!; at < distinct.starts[hash + 1]!; at++)
      pairs.push(...pairsOf(distinct, distinct.photos[at]!, near));
  }
  return pairs.sort((x, y) => x.a - y.a || x.distance - y.distance || x.b - y.b);
}

interface Near {
  hash: number;
  distance: number;
}

/** Different hashes at most 8 bits from one, itself among them. */
function nearHashes({ high, low }: Halves, index: readonly Bucketed[], hash: number): Near[] {
  const [h, l] = [high[hash]!, low[hash]!];
  const near: Near[] = [];
  for (const [order, { band, starts, members, ...bucketed }] of index.entries()) {
    const key = bitsOf(band, h, l);
    for (const mask of band.nearMasks) {
      const end = starts[(key ^ mask) + 1]!;
      for (let at = starts[key ^ mask]!; at < end; at++) {
        const [x, y] = [h ^ bucketed.high[at]!, l ^ bucketed.low[at]!];
        const distance = bitCount(x) + bitCount(y);
        if (distance > maxHashDistance) continue;
        if (!index.slice(0, order).some((earlier) => isNear(earlier.band, x, y)))
          near.push({ hash: members[at]!, distance });
      }
    }
  }
  return near;
}

/** Whether two hashes are found by a band. @param x difference of their high halves, @param y of the low ones */
function isNear(band: Band, x: number, y: number): boolean {
  return bitCount(bitsOf(band, x, y)) <= maxBandDistance;
}

/** A photo's pairs with later photos, the nearest first. */
function pairsOf({ starts, photos }: Distinct, a: number, near: readonly Near[]): HashPair[] {
  const pairs: HashPair[] = [];
  for (let from = 0; from < near.length && pairs.length < maxNeighbours; ) {
    const { distance } = near[from]!;
    let to = from;
    while (near[to]?.distance === distance) to++;
    const later = near
      .slice(from, to)
      .flatMap(({ hash }) => laterPhotos(photos.subarray(starts[hash], starts[hash + 1]), a));
    for (const b of later.sort((x, y) => x - y).slice(0, maxNeighbours - pairs.length)) pairs.push({ a, b, distance });
    from = to;
  }
  return pairs;
}

/** The first 64 of rising photos that come after one. */
function laterPhotos(photos: Uint32Array, after: number): number[] {
  let [low, high] = [0, photos.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (photos[middle]! <= after) low = middle + 1;
    else high = middle;
  }
  return [...photos.subarray(low, low + maxNeighbours)];
}
