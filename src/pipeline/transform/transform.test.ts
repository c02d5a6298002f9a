import { cpSync, readdirSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawnPhotos } from '../../../tests/support/drawn-photos.ts';
import { type Photo, writePhotoExamples } from '../../../tests/support/photo-examples.ts';
import { hasRealData, realData } from '../../../tests/support/real-data.ts';
import { artifactAt, runComponent } from '../../../tests/support/run-component.ts';
import { ScratchFolder } from '../../../tests/support/scratch-folder.ts';
import { readSummary } from '../../artifacts/examples/read-examples.ts';
import { writeExamples } from '../../artifacts/examples/write-examples.ts';
import { embeddingsFile, standardiserFile } from '../../artifacts/transform-graph/files.ts';
import {
  openEmbeddings,
  readReferenceActivations,
  readTransform,
  readTransformBackbone,
} from '../../artifacts/transform-graph/read-transform.ts';
import { composeModel } from '../../backbones/compose.ts';
import { sha256 } from '../../codecs/digest.ts';
import { type Example, type Split, splits } from '../../contracts/artifacts/example.ts';
import { createSession } from '../../onnx/session.ts';
import { toPixels } from '../../vision/pixels.ts';
import { applyView } from '../../vision/view.ts';
import { run } from './run.ts';
import { transformSpec } from './spec.ts';

function realPhotos(): Photo[] {
  const plantvillage = new URL('plantvillage/', realData);
  return readdirSync(plantvillage).flatMap((label) =>
    readdirSync(new URL(`${label}/`, plantvillage))
      .sort()
      .slice(0, 2)
      .map((name, i) => ({
        label,
        split: splits[i % 2]!,
        bytes: new Uint8Array(readFileSync(new URL(`${label}/${name}`, plantvillage))),
        filename: `${label}/${name}`,
      })),
  );
}

const scratch = new ScratchFolder();
let photos: Photo[];
let examples: Example[];
const examplesUri = scratch.at('examples');
let uri: string;

async function transform(
  more: {
    views?: 'flipped' | 'dihedral' | string[];
    processes?: number;
    folder?: string;
    examples?: string;
    more?: object;
  } = {},
) {
  const { views = ['plain', 'rot90'], processes = 1, folder = 'work' } = more;
  const inputs = { examples: artifactAt('Examples', more.examples ?? examplesUri) };
  const ran = await runComponent(transformSpec, run, scratch.at(folder), {
    inputs,
    parameters: { views, ...more.more },
    processes,
  });
  return { uri: ran.outputs.transformGraph!, summary: ran.result.summary };
}
const ofSplit = (split: Split) => examples.filter((example) => example.split === split);
const bytesOf = (example: Example) => photos.find(({ filename }) => filename === example.filename)!.bytes;
function rows(of: string, split: Split): Float32Array {
  const embeddings = openEmbeddings(of, split);
  const out = new Float32Array(embeddings.count * embeddings.views * embeddings.size);
  embeddings.read(
    Array.from({ length: embeddings.count * embeddings.views }, (_, i) => i),
    out,
  );
  embeddings.close();
  return out;
}

beforeAll(async () => {
  photos = await drawnPhotos(40);
  examples = await writePhotoExamples(examplesUri, photos);
  ({ uri } = await transform());
});
afterAll(() => scratch[Symbol.dispose]());

describe('Transform', () => {
  it('embeds every photo of every split in every view', async () => {
    const about = await readTransform(uri);
    expect(about).toMatchObject({
      views: ['plain', 'rot90'],
      embeddingSize: 2304,
      counts: { train: 32, eval: 4, test: 4 },
    });
    for (const split of splits) {
      const embeddings = openEmbeddings(uri, split);
      expect(embeddings).toMatchObject({ count: ofSplit(split).length, views: 2, size: 2304 });
      embeddings.close();
    }
  });

  it('gives the rows of the exported model for the same photo, to the bit', async () => {
    const { mean, scale, preprocess } = await readTransform(uri);
    const dense = { weight: new Float32Array(2304 * 2), bias: new Float32Array(2), inputs: 2304, outputs: 2 };
    const parts = {
      backbone: await readTransformBackbone(uri),
      mean,
      scale,
      head: { layers: [dense] },
      temperature: 1,
    };
    const model = await createSession(composeModel({ ...parts, views: ['plain'] }));
    const turned = await createSession(composeModel({ ...parts, views: ['rot90', 'plain'] }));
    const { width, height } = preprocess;
    const embed = async (session: typeof model, pixels: Uint8Array) => {
      const { embedding } = await session.run({ pixels: new Tensor('uint8', pixels, [1, height, width, 3]) });
      return embedding!.data;
    };
    const test = rows(uri, 'test');
    for (const [i, example] of ofSplit('test').entries()) {
      const pixels = await toPixels(bytesOf(example), preprocess);
      const row = (v: number) => test.slice((2 * i + v) * 2304, (2 * i + v + 1) * 2304);
      expect(await embed(model, pixels)).toEqual(row(0));
      expect(await embed(model, applyView(pixels, width, height, 'rot90'))).toEqual(row(1));
      expect(await embed(turned, pixels)).toEqual(row(1));
    }
  });

  it('fits the standardiser on the train split alone', async () => {
    const { mean, scale } = await readTransform(uri);
    const train = rows(uri, 'train');
    const count = train.length / 2304;
    for (const d of [0, 700, 2303]) {
      const values = Array.from({ length: count }, (_, i) => train[i * 2304 + d]!);
      const average = values.reduce((sum, value) => sum + value, 0) / count;
      const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - average) ** 2, 0) / count);
      expect(mean[d]).toBeCloseTo(average, 5);
      expect(scale[d]).toBeCloseTo(
        Math.max(
          deviation,
          scale.reduce((least, value) => Math.min(least, value)),
        ),
        5,
      );
    }
    expect(scale.every((value) => value > 0)).toBe(true);
  });

  it('gives the same bytes with two processes and an empty cache, and from the cache', async () => {
    const two = await transform({ processes: 2, folder: 'elsewhere' });
    const again = await transform({ processes: 2, folder: 'elsewhere' });
    expect(two.summary).toBe('40 photos in 2 views embedded by mobilenet-v2');
    expect(again.summary).toBe('40 photos in 2 views embedded by mobilenet-v2, 40 from the cache');
    for (const name of readdirSync(uri, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())) {
      const path = join(name.parentPath, name.name).slice(uri.length);
      expect(readFileSync(two.uri + path).equals(readFileSync(uri + path)), path).toBe(true);
      expect(readFileSync(again.uri + path).equals(readFileSync(uri + path)), path).toBe(true);
    }
  });

  it('adds a view to those in the cache', async () => {
    const more = await transform({ views: ['plain', 'flip-h', 'rot90'] });
    expect(more.summary).not.toContain('cache');
    expect(rows(more.uri, 'test').slice(0, 2304)).toEqual(rows(uri, 'test').slice(0, 2304));
    expect(rows(more.uri, 'test').slice(2 * 2304, 3 * 2304)).toEqual(rows(uri, 'test').slice(2304, 2 * 2304));
  });

  it('writes the mean activations of the taps at each place', async () => {
    const reference = await readReferenceActivations(uri);
    expect(reference.map(({ channels, height, width }) => [channels, height, width])).toEqual([
      [192, 28, 28],
      [384, 14, 14],
      [576, 14, 14],
    ]);
    for (const { mean, deviation, channels, height, width } of reference) {
      expect(mean).toHaveLength(channels * height * width);
      expect(deviation.every((value) => value >= 0)).toBe(true);
      expect(mean.some((value) => value > 0)).toBe(true);
    }
  });

  it('embeds larger or smaller photos with the same layers', async () => {
    const small = await transform({ views: 'flipped', folder: 'small', more: { inputSize: 96 } });
    const backbone = await readTransformBackbone(small.uri);
    const { mean, scale, preprocess, views } = await readTransform(small.uri);
    expect(views).toEqual(['plain', 'flip-h', 'flip-v', 'rot180']);
    expect([preprocess.width, preprocess.height]).toEqual([96, 96]);
    expect(backbone.taps.map(({ height, width }) => [height, width])).toEqual([
      [12, 12],
      [6, 6],
      [6, 6],
    ]);
    const dense = { weight: new Float32Array(2304 * 2), bias: new Float32Array(2), inputs: 2304, outputs: 2 };
    const head = { layers: [dense] };
    const model = await createSession(composeModel({ backbone, mean, scale, head, temperature: 1, views: ['rot180'] }));
    const [example] = ofSplit('test');
    const pixels = new Tensor('uint8', await toPixels(bytesOf(example!), preprocess), [1, 96, 96, 3]);
    expect((await model.run({ pixels })).embedding!.data).toEqual(rows(small.uri, 'test').slice(3 * 2304, 4 * 2304));
    await model.release();
  });

  it.each([
    [{ inputSize: 100 }, 'multiple of 32'],
    [{ inputSize: 96, backbone: { path: 'own.onnx', sha256: 'a'.repeat(64) } }, 'only for backbones by name'],
  ])('refuses %j', (parameters, why) => {
    const { error } = transformSpec.parameters.safeParse(parameters);
    expect(error!.message).toContain(why);
  });

  it('rejects an artifact with truncated rows', async () => {
    const cut = scratch.at('cut');
    cpSync(uri, cut, { recursive: true });
    truncateSync(embeddingsFile(cut, 'test'), 100);
    truncateSync(standardiserFile(cut), 100);
    expect(() => openEmbeddings(cut, 'test')).toThrow('expected 73728 bytes, got 100');
    await expect(readTransform(cut)).rejects.toThrow('expected 18432 bytes, got 100');
  });

  it('names the photo that cannot be embedded', async () => {
    const broken = scratch.at('broken');
    const whole = photos[0]!.bytes;
    const cut = whole.slice(0, whole.length >> 1);
    const bad = { ...examples[0]!, sha256: sha256(cut), filename: 'oak/cut.jpg', sizeBytes: cut.length };
    const summary = await readSummary(examplesUri);
    await writeExamples(broken, { summary, examples: [bad], rejected: [], readImage: async () => cut });
    await expect(transform({ examples: broken, folder: 'broken-work' })).rejects.toMatchObject({
      code: 'TRANSFORM_PHOTO_FAILED',
      details: { filename: 'oak/cut.jpg' },
    });
  });
});

if (hasRealData)
  it('Transform gives the rows of the exported model on PlantVillage, to the bit', async () => {
    const real = realPhotos();
    const listed = await writePhotoExamples(scratch.at('real'), real);
    const out = (await transform({ examples: scratch.at('real'), views: ['plain'], folder: 'real-work', processes: 2 }))
      .uri;
    const { mean, scale, preprocess } = await readTransform(out);
    const dense = { weight: new Float32Array(2304 * 2), bias: new Float32Array(2), inputs: 2304, outputs: 2 };
    const backbone = await readTransformBackbone(out);
    const model = await createSession(
      composeModel({ backbone, mean, scale, head: { layers: [dense] }, temperature: 1, views: ['plain'] }),
    );
    const evalRows = rows(out, 'eval');
    for (const [i, example] of listed.filter(({ split }) => split === 'eval').entries()) {
      const bytes = real.find(({ filename }) => filename === example.filename)!.bytes;
      const pixels = new Tensor('uint8', await toPixels(bytes, preprocess), [1, 224, 224, 3]);
      expect((await model.run({ pixels })).embedding!.data).toEqual(evalRows.slice(i * 2304, (i + 1) * 2304));
    }
  });
