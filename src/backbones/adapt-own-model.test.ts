import { Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { type OwnBackbone, ownBackboneSchema } from '../contracts/backbone.ts';
import type { Graph } from '../onnx/graph.ts';
import { GraphBuilder, type Value } from '../onnx/graph-builder.ts';
import { readModel } from '../onnx/read-model.ts';
import { createSession } from '../onnx/session.ts';
import type { Dim } from '../onnx/tensor.ts';
import { writeModel } from '../onnx/write-model.ts';
import { adaptOwnModel } from './adapt-own-model.ts';

const side = 4;

/** A network that passes its input on as the map `map` and its spatial mean as `vector`. */
function passing(shape: Dim[], dtype: 'float32' | 'uint8' = 'float32', batch?: number): Uint8Array {
  const graph = new GraphBuilder('passing');
  const x = graph.input('x', dtype, shape);
  let map: Value = dtype === 'uint8' ? graph.cast(x, 'float32') : graph.op('Identity', [x]);
  if (shape[3] === 3) map = graph.op('Transpose', [map], { perm: [0, 3, 1, 2] });
  if (batch) map = graph.op('Reshape', [map, graph.int64([batch, 3, side, side])]);
  graph.output('map', map, 'float32', ['N', 3, side, side]);
  graph.output('vector', graph.op('Flatten', [graph.op('GlobalAveragePool', [map])]), 'float32', ['N', 3]);
  return graph.toBytes();
}

function entry(more: object = {}): OwnBackbone {
  return ownBackboneSchema.parse({ path: 'own.onnx', sha256: '0'.repeat(64), ...more });
}

/** Red 10, green 20, blue 30 everywhere but for one place of red 58. */
const pixels = Uint8Array.from({ length: side * side * 3 }, (_, i) => (i === 0 ? 58 : 10 * ((i % 3) + 1)));

async function featuresOf(bytes: Uint8Array): Promise<number[]> {
  const session = await createSession(bytes);
  const { features } = await session.run({ pixels: new Tensor('uint8', pixels, [1, side, side, 3]) });
  await session.release();
  return [...(features!.data as Float32Array)];
}
const close = (values: number[]) => values.map((value) => expect.closeTo(value, 4));

describe('adaptOwnModel', () => {
  it('gives uint8 models the bytes, and pools their maps', async () => {
    const backbone = await adaptOwnModel(passing(['N', side, side, 3], 'uint8'), entry(), 'own.onnx');
    expect(backbone).toMatchObject({
      embeddingSize: 6,
      preprocess: { width: side, height: side },
      taps: [{ name: 'own/map', channels: 3 }],
    });
    // One of 16 is 48 more: mean 10 + 3, deviation 48 sqrt(15) / 16.
    expect(await featuresOf(backbone.bytes)).toEqual(close([13, 20, 30, 3 * Math.sqrt(15), 0, 0]));
  });

  it.each([
    ['nchw', ['N', 3, side, side]],
    ['nhwc', ['N', side, side, 3]],
  ])('normalises float32 models, %s, by channel', async (_, shape) => {
    const own = entry({ features: 'vector', input: { mean: [0, 0.1, 0], std: [1, 1, 0.5] } });
    const backbone = await adaptOwnModel(passing(shape), own, 'own.onnx');
    expect(backbone).toMatchObject({ embeddingSize: 3, taps: [] });
    expect(await featuresOf(backbone.bytes)).toEqual(close([13 / 255, 20 / 255 - 0.1, (2 * 30) / 255]));
  });

  it('turns channels round, and their means with them', async () => {
    const own = entry({ features: 'vector', input: { channels: 'bgr', mean: [0, 0, 0.1], std: [1, 1, 1] } });
    const backbone = await adaptOwnModel(passing(['N', 3, side, side]), own, 'own.onnx');
    expect(await featuresOf(backbone.bytes)).toEqual(close([30 / 255 - 0.1, 20 / 255, 13 / 255]));
  });

  it('takes the size from the entry where the file leaves it free', async () => {
    const file = passing(['N', 3, 'H', 'W']);
    await expect(adaptOwnModel(file, entry(), 'f')).rejects.toThrow('set input.height');
    const backbone = await adaptOwnModel(file, entry({ input: { width: side, height: side } }), 'f');
    expect(backbone.taps[0]).toMatchObject({ height: side, width: side });
  });

  it.each([
    ['a tap that is not there', passing(['N', 3, side, side]), { taps: ['none'] }, 'no value "none"'],
    ['a vector as tap', passing(['N', 3, side, side]), { taps: ['vector'] }, '[N, C, H, W]'],
    ['a map as features', passing(['N', 3, side, side]), { features: 'map' }, '[N, D]'],
    ['another size', passing(['N', 3, side, side]), { input: { width: 8 } }, 'the model has 4'],
    ['another input', passing(['N', 3, side, side]), { input: { name: 'y' } }, 'no input "y"'],
    ['an unclear layout', passing(['N', 'C', side, side]), {}, 'input.layout'],
    ['a model of one photo at a time', passing([1, 3, side, side], 'float32', 1), {}, 'free batch size'],
  ])('refuses %s', async (_, file, more, reason) => {
    const error = await adaptOwnModel(file, entry(more), 'own.onnx').catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'BACKBONE_MISFIT' });
    expect(error.message).toContain(reason);
  });

  it('refuses taps and features together', () => {
    expect(() => entry({ taps: ['map'], features: 'vector' })).toThrow('not both');
  });

  it('refuses control flow, of which nobody knows the cost', async () => {
    const model = readModel(passing(['N', side, side, 3], 'uint8'));
    const branch: Graph = { name: 'branch', nodes: [], initializers: new Map(), inputs: [], outputs: [] };
    model.graph.nodes.push({
      type: 'If',
      domain: '',
      name: 'choose',
      inputs: ['condition'],
      outputs: ['chosen'],
      attributes: new Map(['then_branch', 'else_branch'].map((name) => [name, { kind: 'graph', value: branch }])),
    });
    await expect(adaptOwnModel(writeModel(model), entry(), 'own.onnx')).rejects.toMatchObject({
      code: 'BACKBONE_MISFIT',
      details: { reason: 'it has control flow ("choose", If)' },
    });
  });
});
