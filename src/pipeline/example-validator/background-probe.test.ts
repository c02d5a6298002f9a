import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { drawnPhotos } from '../../../tests/support/drawn-photos.ts';
import { hasRealData, realFolder } from '../../../tests/support/real-data.ts';
import type { BorderPixels } from '../../contracts/artifacts/statistics.ts';
import { Random } from '../../math/stats/random.ts';
import { inspectImage } from '../../vision/inspect.ts';
import { probeBackground } from './background-probe.ts';

const limit = 0.15;

/** Photos with a border in the label's colour, for a share of them; else in a random one. */
function coloured(share: number): BorderPixels[] {
  const random = new Random(1);
  return Array.from({ length: 400 }, (_, i) => {
    const tone = random.float() < share ? 40 + 50 * (i % 4) : random.int(256);
    return { label: `label-${i % 4}`, group: `${i}`, border: Array.from({ length: 24 }, () => tone) };
  });
}

describe('the background probe', () => {
  it('fires when the background reveals the label, and reports its accuracy', () => {
    const probe = probeBackground(coloured(0.8), 1, limit)!;
    expect(probe.fires).toBe(true);
    expect(probe.accuracy).toBeGreaterThan(0.6);
    expect(probe.chance).toBe(0.25);
  });

  it('does not fire when it does not', () => {
    for (const seed of [1, 2, 3]) expect(probeBackground(coloured(0), seed, limit)).toMatchObject({ fires: false });
  });

  it('is not misled by groups of photos of one object', () => {
    const random = new Random(2);
    const grouped = Array.from({ length: 40 }, (_, group) => {
      const border = Array.from({ length: 24 }, () => random.int(256));
      return Array.from({ length: 10 }, () => ({ label: `label-${group % 4}`, group: `${group}`, border }));
    }).flat();
    expect(probeBackground(grouped, 1, limit)).toMatchObject({ fires: false });
  });

  it('does not run with fewer than ten groups per label', () => {
    expect(probeBackground(coloured(1).slice(0, 36), 1, limit)).toBeNull();
  });

  it('gives the same answer for the same seed', () => {
    expect(probeBackground(coloured(0.3), 5, limit)).toEqual(probeBackground(coloured(0.3), 5, limit));
  });

  it('does not fire on drawn leaves, whose backgrounds do not depend on the label', async () => {
    const photos = await drawnPhotos(200, { size: 64, labels: 10 });
    const borders = await Promise.all(
      photos.map(async ({ label, bytes, filename }) => ({
        label,
        group: filename,
        border: (await inspectImage(bytes)).border,
      })),
    );
    expect(probeBackground(borders, 1, limit)).toMatchObject({ labels: 10, fires: false });
  });

  const onRealPhotos = async () => {
    const sharedData = realFolder('plantvillage');
    const files = readdirSync(sharedData).flatMap((label) =>
      readdirSync(`${sharedData}/${label}`)
        .slice(0, 40)
        .map((name) => ({ label, path: `${sharedData}/${label}/${name}` })),
    );
    const borders = await Promise.all(
      files.map(async ({ label, path }) => ({
        label,
        group: path,
        border: (await inspectImage(readFileSync(path))).border,
      })),
    );
    const probe = probeBackground(borders, 1, limit)!;
    expect(probe).toMatchObject({ labels: 19, fires: true });
    expect(probe.low).toBeGreaterThan(4 * probe.chance);
  };
  if (hasRealData) it('fires on PlantVillage', onRealPhotos);
});
