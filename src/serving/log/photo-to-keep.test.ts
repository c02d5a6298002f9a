import sharp from 'sharp';
import { v7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { keepsPhoto, photoToKeep } from './photo-to-keep.ts';

describe('the photos that an endpoint keeps', () => {
  it('are none, all, or a share that is the same for the same id', () => {
    const ids = Array.from({ length: 20_000 }, () => v7());
    const kept = (policy: 'none' | 'sampled' | 'all', share = 0.1) =>
      ids.filter((id) => keepsPhoto({ policy, share }, id));
    expect(kept('none')).toEqual([]);
    expect(kept('all')).toEqual(ids);
    // 10 % of 20,000: a standard deviation is 0.2 %
    expect(Math.abs(kept('sampled').length / ids.length - 0.1)).toBeLessThan(0.012);
    expect(kept('sampled')).toEqual(kept('sampled'));
    expect(kept('sampled', 0)).toEqual([]);
    expect(kept('sampled', 1)).toEqual(ids);
  });

  it('have no metadata; one whose parts cannot be followed is not kept', async () => {
    const photo = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#385' } })
      .withExif({ IFD0: { Copyright: 'SECRET' } })
      .jpeg()
      .toBuffer();
    const all = { policy: 'all' as const, share: 1 };
    expect(Buffer.from(photoToKeep(all, v7(), photo, 'jpeg').image!).includes('SECRET')).toBe(false);
    expect(photoToKeep(all, v7(), photo.subarray(0, 30), 'jpeg')).toEqual({ notKept: 'metadata' });
    const none = { ...all, policy: 'none' as const };
    expect(photoToKeep(none, v7(), photo.subarray(0, 30), 'jpeg')).toEqual({ notKept: null });
  });
});
