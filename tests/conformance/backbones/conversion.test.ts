import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { buildBackbone } from '../../../scripts/prepare/keras/build-backbone.ts';
import { type LayersModel, readLayersModel } from '../../../scripts/prepare/keras/layers-model.ts';
import type { Backbone } from '../../../src/backbones/backbone.ts';
import { startGraph } from '../../../src/backbones/compose.ts';
import { loadBackbone } from '../../../src/backbones/load-backbone.ts';
import { backboneTable } from '../../../src/backbones/table.ts';
import { createSession } from '../../../src/onnx/session.ts';
import { toPixels } from '../../../src/vision/pixels.ts';
import { drawLeaf } from '../../../src/vision/sample/index.ts';
import { hasRealData, realFolder } from '../../support/real-data.ts';
import { evaluateLayers, type Picture } from './naive-layers.ts';

/**
 * Converted backbones against a naive float64 evaluation of the source layers. Float32 through some 40 layers: the worst tap value may be off by
 * 1e-4 of its map's largest, the worst feature by 1e-4 of the largest feature of its tap, and features on the whole by 5e-5 (seen: 1e-5).
 */
const worst = 1e-4;
const overall = 5e-5;

const models = join(dirname(fileURLToPath(import.meta.resolve('nsfwjs'))), '../../dist/models');

async function realPhoto(backbone: Backbone): Promise<Uint8Array> {
  const photos = realFolder('plantvillage');
  const label = readdirSync(photos).sort().at(-1)!;
  const file = readdirSync(join(photos, label)).sort()[0]!;
  return toPixels(readFileSync(join(photos, label, file)), backbone.preprocess);
}

function drawnPhoto({ preprocess }: Backbone): Uint8Array {
  return drawLeaf({ seed: 'conversion', size: preprocess.width }).pixels;
}

function picture(pixels: Uint8Array, { width, height }: Backbone['preprocess']): Picture {
  return { width, height, channels: 3, data: Float64Array.from(pixels, (byte) => byte / 127.5 - 1) };
}

/** Means, then standard deviations, [2 C]. */
function pooled({ data, channels }: Picture): Float64Array {
  const places = data.length / channels;
  const out = new Float64Array(2 * channels);
  for (const [i, x] of data.entries()) out[i % channels]! += x / places;
  for (const [i, x] of data.entries()) out[channels + (i % channels)]! += (x - out[i % channels]!) ** 2 / places;
  for (let c = channels; c < 2 * channels; c++) out[c] = Math.sqrt(out[c]!);
  return out;
}

async function converted(
  backbone: Backbone,
  pixels: Uint8Array,
): Promise<{ features: Float32Array; taps: Float32Array[] }> {
  const { graph, pixels: input, attach } = startGraph('taps', backbone);
  const { features, taps } = attach(input);
  graph.output('features', features, 'float32', ['N', backbone.embeddingSize]);
  for (const [i, tap] of taps.entries()) graph.output(`tap${i}`, tap, 'float32', ['N', 'C', 'H', 'W']);
  const session = await createSession(graph.toBytes());
  const { height, width } = backbone.preprocess;
  const result = await session.run({ pixels: new Tensor('uint8', pixels, [1, height, width, 3]) });
  await session.release();
  return {
    features: result.features!.data as Float32Array,
    taps: taps.map((_, i) => result[`tap${i}`]!.data as Float32Array),
  };
}

function largest(values: ArrayLike<number>): number {
  return Array.prototype.reduce.call(
    values,
    (high, value) => Math.max(high as number, Math.abs(value as number)),
    0,
  ) as number;
}

function compareTap(expected: Picture, actual: Float32Array): void {
  const { channels, data } = expected;
  const places = data.length / channels;
  expect(actual.length).toBe(data.length);
  let off = 0;
  for (let place = 0; place < places; place++)
    for (let c = 0; c < channels; c++)
      off = Math.max(off, Math.abs(data[place * channels + c]! - actual[c * places + place]!));
  expect(off / largest(data)).toBeLessThan(worst);
}

function compareFeatures(expected: Float64Array, actual: Float32Array): void {
  const differences = expected.map((value, i) => value - actual[i]!);
  expect(largest(differences) / largest(expected)).toBeLessThan(worst);
  expect(Math.hypot(...differences) / Math.hypot(...expected)).toBeLessThan(overall);
}

async function compare(backbone: Backbone, model: LayersModel, pixels: Uint8Array): Promise<void> {
  const { features, taps } = await converted(backbone, pixels);
  const expected = evaluateLayers(
    model,
    picture(pixels, backbone.preprocess),
    backbone.taps.map((tap) => tap.name),
  );
  let from = 0;
  for (const [i, tap] of expected.entries()) {
    expect(backbone.taps[i]).toMatchObject({ channels: tap.channels, height: tap.height, width: tap.width });
    compareTap(tap, taps[i]!);
    compareFeatures(pooled(tap), features.subarray(from, from + 2 * tap.channels));
    from += 2 * tap.channels;
  }
  expect(from).toBe(backbone.embeddingSize);
}

function layersOf(name: 'mobilenet-v2' | 'inception-v3'): LayersModel {
  return readLayersModel(join(models, backboneTable[name].model));
}

describe.each(['mobilenet-v2', 'inception-v3'] as const)('%s', (name) => {
  it('agrees with the source layers on a drawn leaf', async () => {
    const backbone = await loadBackbone(name);
    await compare(backbone, layersOf(name), drawnPhoto(backbone));
  });

  const onRealPhoto = async () => {
    const backbone = await loadBackbone(name);
    await compare(backbone, layersOf(name), await realPhoto(backbone));
  };
  if (hasRealData) it('agrees with the source layers on a real photo', onRealPhoto);

  it('converts to the same bytes each time, those that prepare wrote', async () => {
    expect(buildBackbone(backboneTable[name], layersOf(name)).digest).toBe((await loadBackbone(name)).digest);
  });
});

/** A model of two layers, for kinds of padding that the two backbones do not have. */
describe('padding', () => {
  it.each([
    ['same', [2, 2], 8, 7],
    ['same', [2, 2], 7, 8],
    ['same', [1, 1], 5, 6],
    ['valid', [2, 2], 9, 8],
    ['same', [3, 2], 10, 10],
  ] as const)('%s with strides %j on %i x %i', async (padding, strides, height, width) => {
    const model: LayersModel = {
      layers: [
        { name: 'in', class_name: 'InputLayer', config: {}, inbound_nodes: [] },
        conv(
          'conv',
          'in',
          { kernel_size: [3, 3], strides: [...strides], padding, use_bias: false, dilation_rate: [1, 1] },
          'Conv2D',
        ),
        conv('average', 'conv', { pool_size: [3, 3], strides: [2, 2], padding: 'same' }, 'AveragePooling2D'),
        conv('highest', 'conv', { pool_size: [2, 3], strides: [1, 2], padding: 'same' }, 'MaxPooling2D'),
      ],
      weights: new Map([
        [
          'conv/kernel',
          {
            shape: [3, 3, 3, 4],
            bytes: Uint8Array.from({ length: 108 }, (_, i) => (i * 97) % 251),
            min: -1,
            scale: 1 / 128,
          },
        ],
      ]),
    };
    const entry = { ...backboneTable['mobilenet-v2'], taps: ['average', 'highest'] };
    const backbone = buildBackbone({ ...entry, preprocess: { ...entry.preprocess, height, width } }, model);
    await compare(
      backbone,
      model,
      Uint8Array.from({ length: height * width * 3 }, (_, i) => (i * 53) % 256),
    );
  });
});

function conv(name: string, input: string, config: object, kind: string): LayersModel['layers'][number] {
  return { name, class_name: kind, config, inbound_nodes: [[[input, 0, 0, {}]]] };
}
