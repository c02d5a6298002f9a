import { describe, expect, it } from 'vitest';
import { rocAuc } from '../../math/metrics/roc-auc.ts';
import { drawLeaf, drawNonLeaf, sampleLabelNames } from './index.ts';

const negative = /(?<![a-z])healthy(?![a-z])/i;
const size = 256;
const photos = Array.from({ length: 400 }, (_, i) =>
  drawLeaf({ seed: `test:${i}`, label: sampleLabelNames[i % sampleLabelNames.length]!, size }),
);
const unwell = photos.map(({ label }) => (negative.test(label) ? 0 : 1));

/** Out-of-fold scores of a logistic regression: standardised features, ridge, 200 steps of Adam. */
function outOfFold(features: Float64Array[], targets: number[], folds: number): number[] {
  const scores = new Array<number>(targets.length).fill(0);
  for (let fold = 0; fold < folds; fold++) {
    // Whole rounds of the labels go together, so each fold has them all.
    const heldOut = (i: number) => Math.floor(i / sampleLabelNames.length) % folds === fold;
    const score = fitLogistic(features, targets, (i) => !heldOut(i));
    for (let i = 0; i < targets.length; i++) if (heldOut(i)) scores[i] = score(features[i]!);
  }
  return scores;
}

function fitLogistic(features: Float64Array[], targets: number[], inTrain: (i: number) => boolean) {
  const rows = targets.map((_, i) => i).filter(inTrain);
  const width = features[0]!.length;
  const mean = Float64Array.from(
    { length: width },
    (_, j) => rows.reduce((s, i) => s + features[i]![j]!, 0) / rows.length,
  );
  const scale = mean.map(
    (m, j) => 1 / Math.sqrt(rows.reduce((s, i) => s + (features[i]![j]! - m) ** 2, 0) / rows.length + 1e-6),
  );
  const standard = features.map((row) => row.map((value, j) => (value - mean[j]!) * scale[j]!));
  const weights = new Float64Array(width);
  const [first, second] = [new Float64Array(width), new Float64Array(width)];
  const dot = (row: Float64Array) => row.reduce((sum, value, j) => sum + value * weights[j]!, 0);
  for (let step = 1; step <= 200; step++) {
    const gradient = weights.map((weight) => 0.01 * weight);
    for (const i of rows) {
      const error = (1 / (1 + Math.exp(-dot(standard[i]!))) - targets[i]!) / rows.length;
      for (let j = 0; j < width; j++) gradient[j]! += error * standard[i]![j]!;
    }
    for (let j = 0; j < width; j++) {
      first[j] = 0.9 * first[j]! + 0.1 * gradient[j]!;
      second[j] = 0.999 * second[j]! + 0.001 * gradient[j]! ** 2;
      weights[j]! -= (0.03 * (first[j]! / (1 - 0.9 ** step))) / (Math.sqrt(second[j]! / (1 - 0.999 ** step)) + 1e-8);
    }
  }
  return (row: Float64Array) => row.reduce((sum, value, j) => sum + (value - mean[j]!) * scale[j]! * weights[j]!, 0);
}

/** Square roots of the shares of 4x4x4 colours, then of 32 levels of each channel. */
function histograms(pixels: Uint8Array): Float64Array {
  const counts = new Float64Array(64 + 96);
  for (let p = 0; p < pixels.length; p += 3) {
    const [r, g, b] = [pixels[p]!, pixels[p + 1]!, pixels[p + 2]!];
    counts[(r >> 6) * 16 + (g >> 6) * 4 + (b >> 6)]! += 1;
    for (const [c, value] of [r, g, b].entries()) counts[64 + 32 * c + (value >> 3)]! += 1;
  }
  return counts.map((count) => Math.sqrt((3 * count) / pixels.length));
}

/** RGB of corners and edge middles, 0..1. */
function borderOf(pixels: Uint8Array): Float64Array {
  const places = [0, 128, 255].flatMap((y) => [0, 128, 255].map((x) => [x, y] as const));
  const border = places.filter(([x, y]) => x !== 128 || y !== 128);
  return Float64Array.from(border.flatMap(([x, y]) => [0, 1, 2].map((c) => pixels[3 * (y * size + x) + c]! / 255)));
}

describe('drawn leaves', () => {
  it('are not told apart by colour: histograms reach an AUC of 0.90 at most', () => {
    const features = photos.map(({ pixels }) => histograms(pixels));
    const cubes = features.map((row) => row.slice(0, 64));
    const levels = features.map((row) => row.slice(64));
    for (const view of [features, cubes, levels])
      expect(rocAuc(outOfFold(view, unwell, 5), unwell)).toBeLessThanOrEqual(0.9);
  });

  it('are not given away by their border pixels', () => {
    const auc = rocAuc(
      outOfFold(
        photos.map(({ pixels }) => borderOf(pixels)),
        unwell,
        5,
      ),
      unwell,
    );
    expect(auc).toBeGreaterThan(0.4);
    expect(auc).toBeLessThan(0.6);
  });

  it('have a mask where they are unwell, and none where healthy', () => {
    for (const [i, { mask, label }] of photos.entries()) {
      const share = mask.reduce((sum, value) => sum + value, 0) / mask.length;
      if (unwell[i] === 0) expect(share, label).toBe(0);
      else expect(share, `${label} ${i}`).toBeGreaterThan(0.01);
      expect(share).toBeLessThan(0.5);
    }
  });

  it('repeat exactly, and differ by seed', () => {
    const again = drawLeaf({ seed: 'test:3', label: photos[3]!.label, size });
    expect(again).toEqual(photos[3]);
    expect(again.pixels).not.toEqual(drawLeaf({ seed: 'other', label: photos[3]!.label, size }).pixels);
  });

  it('choose a label by the seed, and scale to other sizes', () => {
    const found = new Set(Array.from({ length: 60 }, (_, seed) => drawLeaf({ seed, size: 32 }).label));
    expect(found.size).toBeGreaterThan(7);
    const { pixels, mask } = drawLeaf({ seed: 1, label: 'pear_spot', size: 400 });
    expect([pixels.length, mask.length]).toEqual([480_000, 160_000]);
  });
});

describe('lesion masks', () => {
  const pairs = [
    ['pear_spot', 'pear_healthy'],
    ['pear_mildew', 'pear_healthy'],
    ['elm_blight', 'elm_healthy'],
    ['elm_yellowing', 'elm_healthy'],
    ['oak_mildew', 'oak_healthy'],
    ['rowan_spot', 'rowan_healthy'],
  ] as const;

  it.each(pairs)('%s differs from the same leaf in health inside the mask, and only there', (sick, well) => {
    for (let seed = 0; seed < 5; seed++) {
      const [a, b] = [drawLeaf({ seed, label: sick, size }), drawLeaf({ seed, label: well, size })];
      const change = Float32Array.from(
        a.mask,
        (_, i) =>
          Math.abs(a.pixels[3 * i]! - b.pixels[3 * i]!) +
          Math.abs(a.pixels[3 * i + 1]! - b.pixels[3 * i + 1]!) +
          Math.abs(a.pixels[3 * i + 2]! - b.pixels[3 * i + 2]!),
      );
      let [inside, total, changed, masked] = [0, 0, 0, 0];
      for (let i = 0; i < change.length; i++) {
        total += change[i]!;
        if (!a.mask[i]) continue;
        masked++;
        inside += change[i]!;
        if (change[i]! > 8) changed++;
      }
      // The rest is a halo too faint to count, and the camera's defocus of one pixel.
      expect(inside / total, `seed ${seed}`).toBeGreaterThan(0.85);
      expect(changed / masked, `seed ${seed}`).toBeGreaterThan(0.95);
    }
  });
});

describe('drawNonLeaf', () => {
  it('draws many scenes, each the same again', () => {
    const scenes = Array.from({ length: 20 }, (_, seed) => drawNonLeaf({ seed, size: 64 }));
    expect(new Set(scenes.map((pixels) => Buffer.from(pixels).toString('base64'))).size).toBe(20);
    expect(drawNonLeaf({ seed: 3, size: 64 })).toEqual(scenes[3]);
    for (const pixels of scenes) expect(pixels).toHaveLength(64 * 64 * 3);
  });
});
