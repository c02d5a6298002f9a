import { hammingDistance } from './perceptual-hash.ts';

export interface NearPair {
  /** Indexes into the list of hashes, a < b. */
  a: number;
  b: number;
  /** Bits that differ. */
  distance: number;
}

/**
 * All pairs of 64-bit hashes (16 hex digits) that differ in at most `most` bits (0..16). By the pigeonhole principle such a pair is equal in
 * at least one of most + 1 bands of bits, so only photos that share a band are compared.
 */
export function* nearPairs(hashes: readonly string[], most: number): Generator<NearPair> {
  const bands = bandsOf(hashes, most + 1);
  for (const [band, keys] of bands.entries()) {
    for (const members of membersByKey(keys)) {
      for (const [a, b] of pairsOf(members)) {
        if (sharesEarlierBand(bands, band, a, b)) continue;
        const distance = hammingDistance(hashes[a]!, hashes[b]!);
        if (distance <= most) yield { a, b, distance };
      }
    }
  }
}

function* pairsOf(members: readonly number[]): Generator<[number, number]> {
  for (let j = 1; j < members.length; j++) for (let i = 0; i < j; i++) yield [members[i]!, members[j]!];
}

/** Band -> photo -> its bits there. */
function bandsOf(hashes: readonly string[], count: number): string[][] {
  const bits = hashes.map((hash) => BigInt(`0x${hash}`).toString(2).padStart(64, '0'));
  const edges = Array.from({ length: count + 1 }, (_, i) => Math.round((64 * i) / count));
  return edges.slice(1).map((end, i) => bits.map((text) => text.slice(edges[i], end)));
}

function membersByKey(keys: readonly string[]): Iterable<number[]> {
  const members = new Map<string, number[]>();
  for (const [i, key] of keys.entries()) {
    const list = members.get(key);
    if (list === undefined) members.set(key, [i]);
    else list.push(i);
  }
  return members.values();
}

/** A pair is told once: in the first band that it shares. */
function sharesEarlierBand(bands: string[][], band: number, a: number, b: number): boolean {
  for (let i = 0; i < band; i++) if (bands[i]![a] === bands[i]![b]) return true;
  return false;
}
