import { Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { Random } from '../../math/stats/random.ts';
import { GraphBuilder } from '../graph-builder.ts';
import { createOptimised } from '../optimise.ts';
import { readModel } from '../read-model.ts';
import { createSession } from '../session.ts';
import { writeModel } from '../write-model.ts';
import { foldedConstants } from './fold-constants.ts';
import { planQuantisation } from './plan.ts';
import { quantised, type WeightBits } from './quantise.ts';
import { completeRanges, composeRanges, unknownRanges } from './ranges.ts';

const side = 6;
const random = new Random('quantise');
const numbers = (count: number) => Float32Array.from({ length: count }, () => random.normal() / 2);

/** Dense convolution, ReLU6, depthwise convolution with padding, ReLU, dense convolution, and the sum with the input of the first. */
function network() {
  const graph = new GraphBuilder('net');
  const x = graph.input('x', 'float32', ['N', 4, side, side]);
  const scaled = graph.op('Mul', [x, graph.scalar(2)], {}, 'scaled');
  const conv = (input: typeof x, outputs: number, inputs: number, kernel: number, group: number, name: string) =>
    graph.op(
      'Conv',
      [
        input,
        // computed from constants, as stored weights are
        graph.op('Mul', [
          graph.constant(numbers(outputs * inputs * kernel ** 2), [outputs, inputs, kernel, kernel]),
          graph.scalar(0.5),
        ]),
        graph.constant(numbers(outputs)),
      ],
      { group, kernel_shape: [kernel, kernel], pads: Array(4).fill((kernel - 1) / 2) },
      name,
    );
  const first = graph.op('Clip', [conv(scaled, 8, 4, 1, 1, 'dense'), graph.scalar(0), graph.scalar(6)], {}, 'relu6');
  const second = graph.op('Relu', [conv(first, 8, 1, 3, 8, 'depthwise')]);
  const sum = graph.op('Add', [conv(second, 4, 8, 1, 1, 'linear'), scaled]);
  graph.output('y', sum, 'float32', ['N', 4, side, side]);
  graph.output('tap', first, 'float32', ['N', 8, side, side]);
  return readModel(graph.toBytes());
}

const photo = (seed: number) => {
  const drawn = new Random(`photo ${seed}`);
  return new Tensor(
    'float32',
    Float32Array.from({ length: 4 * side * side }, () => drawn.normal()),
    [1, 4, side, side],
  );
};

async function run(bytes: Uint8Array, seed: number) {
  const session = await createSession(bytes);
  const outputs = await session.run({ x: photo(seed) });
  await session.release();
  return Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, data as Float32Array]));
}

async function quantise(weightBits: WeightBits) {
  const model = await foldedConstants(network(), ['relu6']);
  const plan = planQuantisation(model.graph, new Set(['relu6']));
  const graph = composeRanges(model, unknownRanges(plan));
  const measured = [];
  for (let seed = 0; seed < 20; seed++) measured.push((await run(graph, seed)).ranges!);
  return { model, plan, bytes: quantised(model, { plan, ranges: completeRanges(plan, measured), weightBits }) };
}

describe('quantisation', () => {
  it.each([
    [8, 127, 0.05],
    [7, 64, 0.08],
  ] as const)('computes nearly the same with %i bits', async (bits, limit, error) => {
    const { model, plan, bytes } = await quantise(bits);
    expect(plan.nodes).toHaveLength(3);
    expect(plan.values.get('relu6')).toEqual({ low: 0, high: 6 });
    const { graph } = readModel(bytes);
    const largest = (name: string) =>
      new Int8Array(Uint8Array.from(graph.initializers.get(`int8/${name}/weight/int8`)!.data).buffer).reduce(
        (most, value) => Math.max(most, Math.abs(value)),
        0,
      );
    expect([largest('dense'), largest('linear'), largest('depthwise')]).toEqual([limit, limit, 127]);
    for (const seed of [3, 15]) {
      const [exact, near] = [await run(writeModel(model), seed), await run(bytes, seed)];
      for (const name of ['y', 'tap']) {
        const spread = Math.sqrt(exact[name]!.reduce((sum, value) => sum + value ** 2, 0) / exact[name]!.length);
        const off = Math.sqrt(
          exact[name]!.reduce((sum, value, i) => sum + (value - near[name]![i]!) ** 2, 0) / exact[name]!.length,
        );
        expect(off / spread).toBeGreaterThan(0);
        expect(off / spread).toBeLessThan(error);
      }
    }
  });

  it('runs on integers', async () => {
    const { session, optimised } = await createOptimised((await quantise(7)).bytes);
    await session.release();
    const types = readModel(optimised!).graph.nodes.map(({ type }) => type);
    expect(types.filter((type) => type === 'QLinearConv')).toHaveLength(3);
    expect(types).not.toContain('Conv');
  });
});
