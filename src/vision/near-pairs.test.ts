import { expect, it } from 'vitest';
import { Random } from '../math/stats/random.ts';
import { nearPairs } from './near-pairs.ts';
import { hammingDistance } from './perceptual-hash.ts';

const hex = (random: Random) =>
  `${random.uint32().toString(16).padStart(8, '0')}${random.uint32().toString(16).padStart(8, '0')}`;

function flip(hash: string, bits: number[]): string {
  let value = BigInt(`0x${hash}`);
  for (const bit of bits) value ^= 1n << BigInt(bit);
  return value.toString(16).padStart(16, '0');
}

it('finds the pairs that comparing everything with everything finds, each once', () => {
  const random = new Random(7);
  const hashes: string[] = [];
  for (let i = 0; i < 60; i++) {
    const hash = hex(random);
    hashes.push(hash, flip(hash, [random.int(64), random.int(64)]), flip(hash, [0, 17, 33, 50]));
  }
  for (const most of [0, 1, 3, 6]) {
    const expected: string[] = [];
    for (let b = 0; b < hashes.length; b++)
      for (let a = 0; a < b; a++) if (hammingDistance(hashes[a]!, hashes[b]!) <= most) expected.push(`${a}-${b}`);
    const found = [...nearPairs(hashes, most)].map(({ a, b }) => `${a}-${b}`);
    expect(found.sort()).toEqual(expected.sort());
  }
});

it('gives the distance', () => {
  expect([...nearPairs(['0000000000000000', '0000000000000101'], 3)]).toEqual([{ a: 0, b: 1, distance: 2 }]);
});
