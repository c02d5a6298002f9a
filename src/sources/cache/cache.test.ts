import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ScratchFolder } from '../../../tests/support/scratch-folder.ts';
import { LineCache } from './line-cache.ts';
import { StatCache } from './stat-cache.ts';

describe('a line cache', () => {
  it('keeps entries, and is empty when corrupt, truncated or of another format', async () => {
    using scratch = new ScratchFolder();
    const path = scratch.at('deep', 'cache');
    const cache = await LineCache.open<number>(path, 'numbers/1');
    for (let i = 0; i < 1000; i++) cache.set(`キー ${i}`, i);
    await cache.save();
    expect((await LineCache.open<number>(path, 'numbers/1')).get('キー 999')).toBe(999);
    expect((await LineCache.open<number>(path, 'numbers/2')).get('キー 999')).toBeUndefined();

    const whole = readFileSync(path);
    const flipped = Buffer.from(whole);
    flipped[500]! ^= 1;
    for (const damaged of [flipped, whole.subarray(0, 700), Buffer.from('{'), Buffer.alloc(0)]) {
      writeFileSync(path, damaged);
      expect((await LineCache.open<number>(path, 'numbers/1')).get('キー 1')).toBeUndefined();
    }
  });
});

describe('the stat cache', () => {
  it('forgets a file that changed, even when size and time are the same', async () => {
    using scratch = new ScratchFolder();
    const path = scratch.write('1.jpg', 'one');
    const cache = await StatCache.open(scratch.at('cache'));
    cache.set(path, cache.stamp(path), 'digest');
    expect(cache.get(path, cache.stamp(path))).toBe('digest');
    expect(cache.get(path, cache.stamp(path), 'other purpose ')).toBeUndefined();
    writeFileSync(path, 'two');
    utimesSync(path, 1, 1);
    const stamp = cache.stamp(path);
    cache.set(path, stamp, 'second');
    writeFileSync(path, 'six');
    utimesSync(path, 1, 1);
    expect(cache.get(path, cache.stamp(path))).toBeUndefined();
  });

  it('stores nothing for a file that changed while it was read', async () => {
    using scratch = new ScratchFolder();
    const path = scratch.write('1.jpg', 'one');
    const cache = await StatCache.open(scratch.at('cache'));
    const stamp = cache.stamp(path);
    writeFileSync(path, 'other');
    cache.set(path, stamp, 'digest');
    expect(cache.get(path, cache.stamp(path))).toBeUndefined();
    expect(cache.get(path, stamp)).toBeUndefined();
  });
});
