import { Tensor } from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import type { HeadWeights } from '../contracts/artifacts/head.ts';
import type { View } from '../contracts/artifacts/signature.ts';
import { Random } from '../math/stats/random.ts';
import { GraphBuilder } from '../onnx/graph-builder.ts';
import { createSession } from '../onnx/session.ts';
import { drawLeaf } from '../vision/sample/index.ts';
import { applyView } from '../vision/view.ts';
import type { Backbone } from './backbone.ts';
import { composeEmbedder, composeModel, type ModelParts, startGraph } from './compose.ts';
import { loadBackbone } from './load-backbone.ts';
import { stackedViews } from './views.ts';

const size = 224;
const leaf = (seed: string) => drawLeaf({ seed, size }).pixels;

async function run(bytes: Uint8Array, photos: Uint8Array[], side = size): Promise<Record<string, Float32Array>> {
  const session = await createSession(bytes);
  const pixels = new Tensor('uint8', new Uint8Array(Buffer.concat(photos)), [photos.length, side, side, 3]);
  const results = await session.run({ pixels });
  await session.release();
  return Object.fromEntries(Object.entries(results).map(([name, value]) => [name, value.data as Float32Array]));
}

function normals(seed: string, count: number, spread: number): Float32Array {
  const random = new Random(seed);
  return Float32Array.from({ length: count }, () => random.normal() * spread);
}

function headOf(inputs: number, hidden: number, outputs: number): HeadWeights {
  const layer = (from: number, to: number) => ({
    weight: normals(`weight ${from}`, from * to, 2 / Math.sqrt(from)),
    bias: normals(`bias ${to}`, to, 0.1),
    inputs: from,
    outputs: to,
  });
  return { layers: [layer(inputs, hidden), layer(hidden, outputs)] };
}

/** The composed model by hand, float64. */
function expectedLogits(parts: ModelParts, embedding: Float32Array): number[] {
  let values = Array.from(embedding, (value, i) => (value - parts.mean[i]!) / parts.scale[i]!);
  for (const [index, { weight, bias, inputs, outputs }] of parts.head.layers.entries()) {
    if (index > 0) values = values.map((value) => Math.max(0, value));
    values = Array.from({ length: outputs }, (_, o) => {
      let sum = bias[o]!;
      for (let i = 0; i < inputs; i++) sum += values[i]! * weight[i * outputs + o]!;
      return sum;
    });
  }
  return values;
}
function softmax(logits: readonly number[]): number[] {
  const exps = logits.map((value) => Math.exp(value - Math.max(...logits)));
  const sum = exps.reduce((total, value) => total + value, 0);
  return exps.map((value) => value / sum);
}
const off = (actual: ArrayLike<number>, expected: readonly number[]) =>
  Math.max(...expected.map((value, i) => Math.abs(value - actual[i]!)));

let backbone: Backbone;
let parts: ModelParts;
beforeAll(async () => {
  backbone = await loadBackbone('mobilenet-v2');
  const d = backbone.embeddingSize;
  const scale = normals('scale', d, 0.2).map((value) => 0.3 + Math.abs(value));
  parts = {
    backbone,
    views: ['plain'],
    mean: normals('mean', d, 0.3),
    scale,
    head: headOf(d, 16, 3),
    temperature: 1.7,
  };
});

describe('composeEmbedder', () => {
  it('gives the signed square root of the pooled features, each photo alone or in a batch', async () => {
    const { graph, pixels, attach } = startGraph('features', backbone);
    graph.output('features', attach(pixels).features, 'float32', ['N', backbone.embeddingSize]);
    const { features } = await run(graph.toBytes(), [leaf('a')]);
    const embedder = composeEmbedder(backbone);
    const [alone, batch] = [await run(embedder, [leaf('a')]), await run(embedder, [leaf('b'), leaf('a')])];
    expect(off(alone.embedding!, Array.from(features!, Math.sqrt))).toBeLessThan(1e-6);
    expect(batch.embedding!.subarray(backbone.embeddingSize)).toEqual(alone.embedding);
    expect(composeEmbedder(backbone)).toEqual(embedder);
  });
});

describe('composeModel', () => {
  it('is backbone, standardiser, head and temperature', async () => {
    const model = await run(composeModel(parts), [leaf('a'), leaf('b')]);
    const { embedding } = await run(composeEmbedder(backbone), [leaf('a'), leaf('b')]);
    expect(model.embedding).toEqual(embedding);
    const logits = [0, 1].flatMap((n) =>
      expectedLogits(parts, embedding!.subarray(n * backbone.embeddingSize, (n + 1) * backbone.embeddingSize)).map(
        (z) => z / 1.7,
      ),
    );
    expect(off(model.logits!, logits)).toBeLessThan(1e-4);
    expect(off(model.probabilities!, [...softmax(logits.slice(0, 3)), ...softmax(logits.slice(3))])).toBeLessThan(1e-5);
  });

  it('averages the probabilities of the views before the temperature, and passes the first view on', async () => {
    const views: View[] = ['plain', 'flip-h', 'rot90', 'crop-4'];
    const model = await run(composeModel({ ...parts, views }), [leaf('a')]);
    const embedder = composeEmbedder(backbone);
    const each = await Promise.all(views.map((view) => run(embedder, [applyView(leaf('a'), size, size, view)])));
    const probabilities = each.map(({ embedding }) => softmax(expectedLogits(parts, embedding!)));
    const logits = [0, 1, 2].map(
      (k) => Math.log(probabilities.reduce((sum, p) => sum + p[k]! / views.length, 0)) / 1.7,
    );
    expect(off(model.logits!, logits)).toBeLessThan(1e-4);
    expect(off(model.probabilities!, softmax(logits))).toBeLessThan(1e-5);
    expect(model.embedding).toEqual(each[0]!.embedding);
  });

  it('stays finite where a softmax underflows', async () => {
    const sharp = {
      layers: parts.head.layers.map((layer) => ({ ...layer, bias: layer.bias.map((_, i) => (i === 0 ? 500 : -500)) })),
    };
    const { logits, probabilities } = await run(composeModel({ ...parts, views: ['plain', 'flip-v'], head: sharp }), [
      leaf('a'),
    ]);
    expect(logits!.every(Number.isFinite)).toBe(true);
    expect(probabilities!.every(Number.isFinite)).toBe(true);
  });

  it('takes a head of one layer and 1,000 classes', async () => {
    const d = backbone.embeddingSize;
    const head = {
      layers: [{ weight: normals('w', d * 1000, 0.01), bias: new Float32Array(1000), inputs: d, outputs: 1000 }],
    };
    const { probabilities } = await run(composeModel({ ...parts, head }), [leaf('a')]);
    expect(probabilities).toHaveLength(1000);
    expect(probabilities!.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 4);
  });
});

describe('views in the graph', () => {
  const dihedral: View[] = ['plain', 'flip-h', 'flip-v', 'rot90', 'rot180', 'rot270', 'transpose', 'transverse'];
  const crops = Array.from({ length: 9 }, (_, i): View => `crop-${i}`);

  it.each([224, 299, 17])('are those of vision to the bit, at %i px', async (side) => {
    const views = [...dihedral, ...crops];
    const graph = new GraphBuilder('views');
    const pixels = graph.input('pixels', 'uint8', ['N', side, side, 3]);
    const size = { width: side, height: side, fit: 'fill', kernel: 'cubic' } as const;
    graph.output('views', stackedViews(graph, pixels, views, size), 'uint8', ['V', side, side, 3]);
    const random = new Random(side);
    const photo = Uint8Array.from({ length: side * side * 3 }, () => random.int(256));
    const { views: actual } = await run(graph.toBytes(), [photo], side);
    for (const [v, view] of views.entries()) {
      const one = Buffer.from(actual!.subarray(v * photo.length, (v + 1) * photo.length));
      expect(one.equals(applyView(photo, side, side, view)), view).toBe(true);
    }
  });

  it('refuses quarter turns of photos that are not square', () => {
    const graph = new GraphBuilder('views');
    const pixels = graph.input('pixels', 'uint8', ['N', 10, 20, 3]);
    const size = { width: 20, height: 10, fit: 'fill', kernel: 'cubic' } as const;
    expect(() => stackedViews(graph, pixels, ['rot90'], size)).toThrow('20x10');
    expect(() => stackedViews(graph, pixels, [], size)).toThrow('no view');
  });
});
