import { readdirSync, readFileSync } from 'node:fs';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { hasRealData, realData } from '../../tests/support/real-data.ts';
import { inspectImage } from '../vision/inspect.ts';
import { drawLeaf } from '../vision/sample/index.ts';
import { qualityHints } from './quality.ts';

const input = { width: 224, height: 224 };

async function hintsOf(photo: Sharp): Promise<string[]> {
  const { properties } = await inspectImage(new Uint8Array(await photo.jpeg({ quality: 90 }).toBuffer()));
  return qualityHints(properties, input);
}
const leaf = () =>
  sharp(drawLeaf({ seed: 4, label: 'elm_blight', size: 256 }).pixels, {
    raw: { width: 256, height: 256, channels: 3 },
  });

describe('quality hints', () => {
  it('say nothing of a good photo, and what is wrong with a bad one', async () => {
    expect(await hintsOf(leaf())).toEqual([]);
    expect(await hintsOf(leaf().linear(0.1, 0))).toContain('too-dark');
    expect(await hintsOf(leaf().linear(0.05, 245))).toContain('too-bright');
    expect(await hintsOf(leaf().blur(4))).toEqual(['blurred']);
    expect(await hintsOf(leaf().resize(111, 256, { fit: 'fill' }))).toContain('too-small');
  });

  const onRealPhotos = () => {
    const beans = new URL('beans/healthy/', realData);
    const photos = () =>
      readdirSync(beans)
        .slice(0, 40)
        .map((name) => sharp(readFileSync(new URL(name, beans))));

    it('say nothing, until they are blurred or nearly black', async () => {
      expect((await Promise.all(photos().map(hintsOf))).flat()).toEqual([]);
      const blurred = await Promise.all(photos().map((photo) => hintsOf(photo.resize(256, 256).blur(4))));
      expect(blurred.filter((hints) => hints.includes('blurred'))).toHaveLength(40);
      const dark = await Promise.all(photos().map((photo) => hintsOf(photo.linear(0.1, 0))));
      expect(dark.filter((hints) => hints.includes('too-dark'))).toHaveLength(40);
    });
  };
  if (hasRealData) describe('on real photos', onRealPhotos);
});
