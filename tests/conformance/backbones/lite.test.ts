import { Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import type { Backbone } from '../../../src/backbones/backbone.ts';
import { isHere, readBundled } from '../../../src/backbones/bundled.ts';
import { buildLite } from '../../../src/backbones/lite/build-backbone.ts';
import { backboneTable } from '../../../src/backbones/table.ts';
import { readCheckpoint } from '../../../src/backbones/torch/checkpoint.ts';
import { createSession } from '../../../src/onnx/session.ts';
import { drawnLite, writeCheckpoint } from '../../support/write-checkpoint.ts';
import { expectedFeatures, type Summary } from './lite-expected.ts';

const name = 'efficientnet-lite0';
const side = 224;

/** Without symmetry, so that padding at the wrong end shows. */
function picture(): Uint8Array {
  const pixels = new Uint8Array(side * side * 3);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const bytes = [3 * x + 5 * y, Math.floor((x * y) / 7), Math.floor(((x - 112) ** 2 + (y - 112) ** 2) / 50)];
      pixels.set(
        bytes.map((byte) => byte % 256),
        3 * (y * side + x),
      );
    }
  return pixels;
}

async function featuresOf({ bytes }: Backbone): Promise<Float32Array> {
  const session = await createSession(bytes);
  const { features } = await session.run({ pixels: new Tensor('uint8', picture(), [1, side, side, 3]) });
  await session.release();
  return features!.data as Float32Array;
}

function summaries(features: Float32Array, { taps }: Backbone): Summary[] {
  const sizes = taps.flatMap(({ channels }) => [channels, channels]);
  return sizes.map((channels, i) => {
    const from = sizes.slice(0, i).reduce((sum, each) => sum + each, 0);
    const part = features.slice(from, from + channels);
    return [part.reduce((sum, value) => sum + value, 0), Math.hypot(...part), [...part.filter((_, c) => c % 96 === 0)]];
  });
}

/** Float32 through 30 layers: 1e-4 of 0..6. */
function compare(actual: Summary[], expected: Summary[]): void {
  expect(actual).toHaveLength(expected.length);
  for (const [i, [sum, norm, some]] of actual.entries()) {
    const [expectedSum, expectedNorm, expectedSome] = expected[i]!;
    expect(sum / expectedSum).toBeCloseTo(1, 4);
    expect(norm / expectedNorm).toBeCloseTo(1, 4);
    expect(some).toHaveLength(expectedSome.length);
    for (const [j, value] of some.entries()) expect(Math.abs(value - expectedSome[j]!)).toBeLessThan(1e-4);
  }
}

describe(name, () => {
  it('built from drawn weights gives the features that numpy gives', async () => {
    const backbone = buildLite(backboneTable[name], readCheckpoint(writeCheckpoint(drawnLite())));
    expect(backbone.taps.map(({ channels, height, width }) => [channels, height, width])).toEqual([
      [480, 14, 14],
      [672, 14, 14],
      [1152, 7, 7],
    ]);
    compare(summaries(await featuresOf(backbone), backbone), expectedFeatures.drawn);
  });

  if (isHere(name))
    it('built from the published weights gives the features that numpy gives', async () => {
      const backbone = await readBundled(name);
      expect(backbone.digest).toBe(backboneTable[name].digest);
      compare(summaries(await featuresOf(backbone), backbone), expectedFeatures.published);
    });
});
