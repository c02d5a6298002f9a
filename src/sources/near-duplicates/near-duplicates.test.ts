import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { hammingDistance } from '../../../tests/support/hamming-distance.ts';
import { ScratchFolder } from '../../../tests/support/scratch-folder.ts';
import { sha256 } from '../../codecs/digest.ts';
import { Random } from '../../math/stats/random.ts';
import { inspectImage } from '../../vision/inspect.ts';
import { drawLeaf } from '../../vision/sample/draw-leaf.ts';
import { similarHashes } from '../../vision/similar-hashes.ts';
import type { Photo } from '../scan/scan.ts';
import { CappedUnion } from './capped-union.ts';
import { nearDuplicateGroups } from './near-duplicate-groups.ts';

const hex = (value: number) => value.toString(16).padStart(8, '0');

describe('similar hashes', () => {
  it('are exactly those found by comparing all pairs', () => {
    const random = new Random(3);
    const hashes: string[] = [];
    for (let i = 0; i < 300; i++) {
      const [high, low] = [random.uint32(), random.uint32()];
      hashes.push(hex(high) + hex(low));
      for (let bits = 0; bits < 12; bits += 3) {
        let [h, l] = [high, low];
        for (let k = 0; k < bits; k++) {
          if (random.float() < 0.5) h = (h ^ (1 << random.int(32))) >>> 0;
          else l = (l ^ (1 << random.int(32))) >>> 0;
        }
        hashes.push(hex(h) + hex(l));
      }
    }
    const expected: string[] = [];
    for (let a = 0; a < hashes.length; a++) {
      for (let b = a + 1; b < hashes.length; b++) {
        const distance = hammingDistance(hashes[a]!, hashes[b]!);
        if (distance <= 8) expected.push(`${a} ${b} ${distance}`);
      }
    }
    const found = similarHashes(hashes).map(({ a, b, distance }) => `${a} ${b} ${distance}`);
    expect(found.sort()).toEqual(expected.sort());
    expect(expected.length).toBeGreaterThan(1000);
  });

  it('stay few when all photos are alike', () => {
    expect(similarHashes(Array<string>(2000).fill('0'.repeat(16))).length).toBeLessThanOrEqual(2000 * 64);
  });
});

describe('a capped union', () => {
  it('joins chains up to the cap, and beyond it only if asked to', () => {
    const union = new CappedUnion([3, 3, 3, 3, 3]);
    expect(union.join(3, 2, { capped: true })).toBe(true);
    expect(union.join(2, 1, { capped: true })).toBe(true);
    expect(union.join(1, 0, { capped: true })).toBe(false);
    expect([0, 1, 2, 3].map((i) => union.find(i))).toEqual([0, 1, 1, 1]);
    expect(union.join(1, 0, { capped: false })).toBe(true);
    expect(union.find(3)).toBe(0);
  });
});

async function photoOf(scratch: ScratchFolder, bytes: Buffer, filename: string, label = 'a'): Promise<Photo> {
  const path = scratch.write(filename, bytes);
  return {
    ...(await inspectImage(bytes)),
    ...{ sha256: sha256(bytes), sizeBytes: bytes.length, filename, label, attributes: {}, path },
  };
}

describe('near-duplicate groups', () => {
  it('join a photo with its copies, and keep different leaves apart', async () => {
    using scratch = new ScratchFolder();
    const photos: Photo[] = [];
    for (let seed = 0; seed < 12; seed++) {
      const { pixels } = drawLeaf({ seed, size: 128 });
      const image = () => sharp(pixels, { raw: { width: 128, height: 128, channels: 3 } });
      photos.push(await photoOf(scratch, await image().jpeg({ quality: 95 }).toBuffer(), `${seed}.jpg`));
      if (seed % 3 > 0) continue;
      photos.push(await photoOf(scratch, await image().jpeg({ quality: 60 }).toBuffer(), `${seed}-again.jpg`));
      photos.push(await photoOf(scratch, await image().resize(150, 150).png().toBuffer(), `${seed}-larger.png`));
    }
    const signal = new AbortController().signal;
    const groups = await nearDuplicateGroups(photos, scratch.at('cache'), signal);
    const leafOf = (i: number) => photos[i]!.filename.split(/[-.]/)[0];
    expect(groups.map(leafOf)).toEqual(photos.map((_, i) => leafOf(i)));
    expect(await nearDuplicateGroups(photos, scratch.at('cache'), signal)).toEqual(groups);
  });

  it('keep the groups of the source together', async () => {
    using scratch = new ScratchFolder();
    const photos: Photo[] = [];
    for (let seed = 0; seed < 4; seed++) {
      const { pixels } = drawLeaf({ seed, size: 64 });
      const bytes = await sharp(pixels, { raw: { width: 64, height: 64, channels: 3 } })
        .png()
        .toBuffer();
      photos.push({ ...(await photoOf(scratch, bytes, `${seed}.png`)), ...(seed % 2 === 0 && { givenGroup: 'leaf' }) });
    }
    const groups = await nearDuplicateGroups(photos, scratch.at('cache'), new AbortController().signal);
    expect(groups).toEqual([0, 1, 0, 3]);
  });
});
