import { Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../codecs/digest.ts';
import type { HeadWeights } from '../contracts/artifacts/head.ts';
import { Random } from '../math/stats/random.ts';
import { GraphBuilder } from '../onnx/graph-builder.ts';
import { createSession } from '../onnx/session.ts';
import type { Backbone } from './backbone.ts';
import { composeModel } from './compose.ts';
import { activationCount, composeActivations } from './compose-activations.ts';
import { composeExplainer, type TapReference } from './compose-explainer.ts';
import { channelsFirst, pooledFeatures } from './features.ts';

const side = 32;
const random = new Random(7);
const floats = (length: number, scale = 1) => Float32Array.from({ length }, () => scale * random.normal());

/** Two taps without padding: [4, 16, 16] and, from it, [6, 8, 8]. */
function smallBackbone(): Backbone {
  const graph = new GraphBuilder('small');
  const pixels = graph.input('pixels', 'uint8', ['N', side, side, 3]);
  const image = graph.op('Div', [channelsFirst(graph, pixels), graph.scalar(255)]);
  const conv = (value: typeof image, inputs: number, outputs: number, name: string) => {
    const weight = graph.constant(floats(outputs * inputs * 4, 0.6), [outputs, inputs, 2, 2]);
    return graph.op(
      'Relu',
      [graph.op('Conv', [value, weight, graph.constant(floats(outputs, 0.1))], { strides: [2, 2] })],
      {},
      name,
    );
  };
  const early = conv(image, 3, 4, 'early');
  const late = conv(early, 4, 6, 'late');
  graph.output('features', pooledFeatures(graph, [early, late], 'features'), 'float32', ['N', 20]);
  const bytes = graph.toBytes();
  const taps = [
    { name: 'early', channels: 4, height: 16, width: 16 },
    { name: 'late', channels: 6, height: 8, width: 8 },
  ];
  const preprocess = { width: side, height: side, fit: 'fill', kernel: 'cubic' } as const;
  return { name: 'small', digest: sha256(bytes), bytes, preprocess, embeddingSize: 20, taps };
}

function head(hidden: number, classes: number): HeadWeights {
  const dense = (inputs: number, outputs: number) => ({
    weight: floats(inputs * outputs, 0.5),
    bias: floats(outputs, 0.2),
    inputs,
    outputs,
  });
  return { layers: hidden > 0 ? [dense(20, hidden), dense(hidden, classes)] : [dense(20, classes)] };
}

const photo = () => Uint8Array.from({ length: side * side * 3 }, () => random.int(256));
const tensor = (pixels: Uint8Array) => new Tensor('uint8', pixels, [1, side, side, 3]);

async function referenceOf(backbone: Backbone, photos: Uint8Array[]): Promise<TapReference[]> {
  const session = await createSession(composeActivations(backbone));
  const sum = new Float32Array(activationCount(backbone));
  for (const pixels of photos) {
    const { activations } = await session.run({ pixels: tensor(pixels) });
    for (let i = 0; i < sum.length; i++) sum[i]! += (activations!.data[i] as number) / photos.length;
  }
  let at = 0;
  const take = (length: number) => {
    at += length;
    return sum.slice(at - length, at);
  };
  return backbone.taps.map((tap) => {
    const length = tap.channels * tap.height * tap.width;
    return { ...tap, mean: take(length), deviation: take(length) };
  });
}

async function setUp(hidden: number, classes: number) {
  const backbone = smallBackbone();
  const reference = await referenceOf(backbone, Array.from({ length: 8 }, photo));
  const parts = {
    backbone,
    mean: floats(20, 0.1).map((value) => value + 0.6),
    scale: floats(20, 0.1).map((value) => 0.3 + Math.abs(value)),
    head: head(hidden, classes),
    temperature: 1.7,
    reference,
  };
  const explainer = await createSession(composeExplainer(parts));
  const explain = async (pixels: Uint8Array, positive: number[]) => {
    const outputs = await explainer.run({
      pixels: tensor(pixels),
      positive: new Tensor('float32', Float32Array.from(positive)),
    });
    return {
      map: outputs.map!.data as Float32Array,
      dims: outputs.map!.dims,
      gain: outputs.gain!.data[0] as number,
      error: outputs.completeness_error!.data[0] as number,
    };
  };
  return { parts, explain, model: await createSession(composeModel({ ...parts, views: ['plain'] })) };
}

const odds = (p: ArrayLike<number>, positive: number[]) => {
  const yes = positive.reduce((sum, member, k) => sum + member * p[k]!, 0);
  return Math.log(yes) - Math.log(1 - yes);
};
const sum = (map: Float32Array) => map.reduce((total, value) => total + value, 0);

describe('explainer', () => {
  it('splits the log-odds of two labels under a logistic head exactly', async () => {
    const { explain } = await setUp(0, 2);
    for (let i = 0; i < 5; i++) {
      const { map, gain, error, dims } = await explain(photo(), [0, 1]);
      expect(dims).toEqual([1, 16, 16]);
      expect(sum(map)).toBeCloseTo(gain, 3);
      expect(error).toBeLessThan(1e-3);
    }
  });

  it('leaves out a few percent at most under a ReLU head with many labels, and says how much', async () => {
    const { explain } = await setUp(16, 5);
    for (let i = 0; i < 5; i++) {
      const { map, gain, error } = await explain(photo(), [0, 1, 1, 0, 0]);
      expect(error).toBeCloseTo(Math.abs(sum(map) - gain) / Math.max(1, Math.abs(gain)), 4);
      expect(error).toBeLessThan(0.05);
    }
  });

  it('explains the log-odds that the exported model gives: gains differ as its answers do', async () => {
    const { explain, model } = await setUp(16, 5);
    const positive = [0, 1, 1, 0, 0];
    const [a, b] = [photo(), photo().map((value) => value >> 2)];
    const answers = await Promise.all([a, b].map((pixels) => model.run({ pixels: tensor(pixels) })));
    const [pa, pb] = answers.map(({ probabilities }) => odds(probabilities!.data as Float32Array, positive));
    const [ga, gb] = [(await explain(a, positive)).gain, (await explain(b, positive)).gain];
    expect(ga - gb).toBeCloseTo(pa! - pb!, 3);
  });

  it('turns its sign with the question', async () => {
    const { explain } = await setUp(16, 3);
    const pixels = photo();
    const [yes, no] = [await explain(pixels, [1, 0, 1]), await explain(pixels, [0, 1, 0])];
    for (const [i, value] of yes.map.entries()) expect(no.map[i]).toBeCloseTo(-value, 4);
  });

  it('puts what a spot changes where the spot is', async () => {
    const { explain } = await setUp(0, 2);
    const plain = new Uint8Array(side * side * 3).fill(120);
    const spotted = plain.slice();
    for (let y = 20; y < 24; y++)
      for (let x = 8; x < 12; x++) spotted.fill(255, 3 * (y * side + x), 3 * (y * side + x) + 2);
    const [before, after] = [(await explain(plain, [0, 1])).map, (await explain(spotted, [0, 1])).map];
    const change = after.map((value, i) => Math.abs(value - before[i]!));
    const hottest = change.indexOf(Math.max(...change));
    expect(Math.abs(Math.floor(hottest / 16) - 10.5)).toBeLessThanOrEqual(1.5);
    expect(Math.abs((hottest % 16) - 4.5)).toBeLessThanOrEqual(1.5);
  });
});
