import { Random } from '../src/math/stats/random.ts';
import { similarHashes } from '../src/vision/similar-hashes.ts';
import type { Bench, Figure } from './figure.ts';

const planted = 10_000;

/** What grows with the number of photos, beyond the sizes that a test can afford. */
export const bench: Bench = {
  name: 'scale',
  about:
    'Near-duplicates among random 64-bit hashes, 10,000 of which have a copy with 1 to 8 bits changed; CPU time of one thread. Hashes of real photos are closer to each other than random ones',
  async run({ options }) {
    return [measure(1_000_000 * options.scale, 60), measure(10_000_000 * options.scale, 900)];
  },
};

function measure(count: number, mostSeconds: number): Figure {
  const { hashes, copies } = hashesWithCopies(count);
  const before = process.cpuUsage();
  const found = new Set(similarHashes(hashes).map(({ a, b }) => `${a} ${b}`));
  const { user, system } = process.cpuUsage(before);
  const seconds = (user + system) / 1e6;
  const missing = copies.filter((pair) => !found.has(pair)).length;
  return {
    what: `near-duplicates among ${count.toLocaleString('en')} hashes`,
    got: `${seconds.toFixed(1)} s, ${copies.length - missing} of ${copies.length} planted pairs`,
    toReach: `<= ${mostSeconds} s, all`,
    met: seconds <= mostSeconds && missing === 0,
    note: `${found.size} pairs; the process held ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB at most`,
  };
}

function hashesWithCopies(count: number): { hashes: string[]; copies: string[] } {
  const random = new Random('near-duplicates at size');
  const hashes = Array.from({ length: count }, () => hexOf(random.uint32(), random.uint32()));
  const copies = Array.from({ length: planted }, () => {
    const original = random.int(count);
    let hash = BigInt(`0x${hashes[original]}`);
    for (let bits = 1 + random.int(8); bits > 0; bits--) hash ^= 1n << BigInt(random.int(64));
    return `${original} ${hashes.push(hash.toString(16).padStart(16, '0')) - 1}`;
  });
  return { hashes, copies };
}

function hexOf(...halves: number[]): string {
  return halves.map((half) => half.toString(16).padStart(8, '0')).join('');
}
